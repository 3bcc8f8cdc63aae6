import type { Failure } from "./failure";

/** One message on its way to the coach. */
export interface Turn {
  content: string;
  /** The idempotency key: the server takes one turn for it, however often it comes. */
  key: string;
  /** When the user last sent it (ms). */
  since: number;
  /** The conversation has shown it since. */
  hasArrived?: boolean;
}

/** One that is being sent, or whose answer is there and not shown yet. */
export interface Sent extends Turn {
  /** The answer has come before the conversation, which will tell of it. */
  isAnswered: boolean;
}

/** One that has not made it. */
export interface NotSent extends Turn {
  /** Why; null where that no longer holds. */
  failure: Failure | null;
}

/** What of a user's writing must survive a reload. */
export interface Kept {
  draft: string;
  underWay: Sent | null;
  /** What came back into the box. The draft may have been changed since. */
  inBox: NotSent | null;
  /** What stands in the conversation until the user does something about it, oldest first. */
  aside: readonly NotSent[];
}

export const NOTHING: Kept = { draft: "", underWay: null, inBox: null, aside: [] };

function place(userId: string): string {
  return `coach:outbox:${userId}`;
}

/** Kept for this tab: two tabs write two drafts. */
export function keep(userId: string, kept: Kept): void {
  try {
    sessionStorage.setItem(place(userId), JSON.stringify(kept));
  } catch {
    // Storage is full or forbidden: then a reload loses what was not sent.
  }
}

export function recall(userId: string): Kept {
  try {
    const kept = sessionStorage.getItem(place(userId));
    return kept === null ? NOTHING : { ...NOTHING, ...(JSON.parse(kept) as Partial<Kept>) };
  } catch {
    return NOTHING;
  }
}
