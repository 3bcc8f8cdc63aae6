/** One message on its way to the coach. */
export interface Turn {
  content: string;
  /** The idempotency key: the server takes one turn for it, however often it comes. */
  key: string;
  /** When it was first sent (ms). */
  since: number;
  /** The newest message of the conversation at that time. */
  after: string | null;
}

/** What of a user's writing must survive a reload. */
export interface Kept {
  draft: string;
  /** What was written while a message was on its way that failed: it comes back once that one is sent. */
  next: string;
  underWay: Turn | null;
  /** What could not be sent, for its key, should it be sent again. */
  failed: Turn | null;
  /** Why not, in words. */
  failure: string | null;
}

export const NOTHING: Kept = { draft: "", next: "", underWay: null, failed: null, failure: null };

function place(userId: string): string {
  return `coach:outbox:${userId}`;
}

/** Kept for this tab: two tabs write two drafts. */
export function keep(userId: string, kept: Kept): void {
  try {
    sessionStorage.setItem(place(userId), JSON.stringify(kept));
  } catch {
    // Storage is full or forbidden: then a reload loses the draft, and nothing else.
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
