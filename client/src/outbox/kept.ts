/** What becomes of what the user wrote: pure functions. No text is ever put in the place of another. */
import type { Message } from "../api/types";
import { MessageRole } from "../enums/messageRole";
import { failure, isOfCoach } from "./failure";
import type { Kept, NotSent, Turn } from "./storage";

/** Without the empty lines before and the space behind; the first line may be indented. */
export function withoutMargins(text: string): string {
  return text.replace(/^\s*\n/, "").trimEnd();
}

/**
 * The message under way has failed: it comes back into the box where that is empty, else it stands aside. One that has
 * arrived is not to be written again.
 */
export function withFailed(kept: Kept, failed: NotSent): Kept {
  const goesIntoBox = kept.draft.trim() === "" && !isOfCoach(failed.failure?.kind ?? null);
  return goesIntoBox
    ? { ...kept, underWay: null, draft: failed.content, inBox: failed }
    : { ...kept, underWay: null, aside: [...kept.aside, failed] };
}

/** One that stands aside comes into the box. What is written there takes its place, with `newTurn` if it needs one. */
export function withEdited(kept: Kept, key: string, newTurn: (content: string) => Turn): Kept {
  const wanted = kept.aside.find((turn) => turn.key === key);
  if (wanted === undefined) return kept;
  const written = writtenIn(kept, newTurn);
  return {
    ...kept,
    draft: wanted.content,
    inBox: wanted,
    aside: kept.aside.flatMap((turn) => (turn === wanted ? written : [turn])),
  };
}

function writtenIn({ draft, inBox }: Kept, newTurn: (content: string) => Turn): NotSent[] {
  const content = withoutMargins(draft);
  if (content === "") return [];
  if (inBox?.content === content) return [inBox];
  return [{ ...newTurn(content), failure: failure("set_aside") }];
}

export function without(aside: readonly NotSent[], key: string): NotSent[] {
  return aside.filter((turn) => turn.key !== key);
}

/** The user is signed in: nothing is kept back for want of that any more. */
export function whenSignedIn(kept: Kept): Kept {
  const forgetting = (turn: NotSent): NotSent =>
    turn.failure?.kind === "signed_out" ? { ...turn, failure: null } : turn;
  return { ...kept, inBox: kept.inBox && forgetting(kept.inBox), aside: kept.aside.map(forgetting) };
}

/** Whether the message of this key is in the conversation. */
export function isStored(key: string, messages: readonly Message[]): boolean {
  return messages.some((message) => message.idempotency_key === key);
}

function isAnswered(key: string, messages: readonly Message[]): boolean {
  return messages.some((message) => message.idempotency_key === key && message.role === MessageRole.COACH);
}

/**
 * The same in the light of the conversation, which may know more than the requests were told: what is answered there is
 * done with, what has arrived is not to be written again, and what had arrived in a chat that was reset went with it.
 * What was answered before it was here, the conversation tells itself. `isWhole`: no older messages are left out.
 */
export function settled(kept: Kept, messages: readonly Message[], isWhole: boolean): Kept {
  const seen = withArrived(withoutArrivedInBox(kept, messages), messages);
  return withoutAnswered(isWhole ? withoutCleared(seen, messages) : seen, messages);
}

function withArrived(kept: Kept, messages: readonly Message[]): Kept {
  const { underWay, aside } = kept;
  const isNew = ({ key, hasArrived }: Turn) => !hasArrived && isStored(key, messages);
  const marked = <T extends Turn>(turn: T): T => (isNew(turn) ? { ...turn, hasArrived: true } : turn);
  if (!aside.some(isNew) && (underWay === null || !isNew(underWay))) return kept;
  return { ...kept, underWay: underWay && marked(underWay), aside: aside.map(marked) };
}

function withoutCleared(kept: Kept, messages: readonly Message[]): Kept {
  const { underWay, aside } = kept;
  const isCleared = ({ key, hasArrived }: Turn) => hasArrived === true && !isStored(key, messages);
  const isGone = underWay !== null && isCleared(underWay);
  if (!isGone && !aside.some(isCleared)) return kept;
  return { ...kept, underWay: isGone ? null : underWay, aside: aside.filter((turn) => !isCleared(turn)) };
}

function withoutArrivedInBox(kept: Kept, messages: readonly Message[]): Kept {
  const { draft, inBox, aside } = kept;
  if (inBox === null || !isStored(inBox.key, messages)) return kept;
  const isUnchanged = withoutMargins(draft) === inBox.content;
  return { ...kept, draft: isUnchanged ? "" : draft, inBox: null, aside: [...aside, inBox] };
}

function withoutAnswered(kept: Kept, messages: readonly Message[]): Kept {
  const isOpen = ({ key }: Turn) => !isAnswered(key, messages);
  const { underWay, aside } = kept;
  const isStillUnderWay = underWay !== null && !underWay.isAnswered && isOpen(underWay);
  if (aside.every(isOpen) && (underWay === null || isStillUnderWay)) return kept;
  return { ...kept, underWay: isStillUnderWay ? underWay : null, aside: aside.filter(isOpen) };
}
