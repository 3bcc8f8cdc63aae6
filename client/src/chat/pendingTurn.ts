import type { Message } from "../api/types";
import { MessageRole } from "../enums/messageRole";
import type { UnderWay } from "../outbox/useOutbox";

/** What is still to be shown of a turn, beside what the conversation holds of it already. */
export interface PendingTurn {
  content: string | null;
  isCoachWriting: boolean;
}

/** The user's message may be in the conversation before the coach's answer is, and both before the request's. */
export function pendingTurn(messages: readonly Message[], underWay: UnderWay | null): PendingTurn {
  if (underWay === null) return { content: null, isCoachWriting: false };
  if (!underWay.isStored) return { content: underWay.content, isCoachWriting: true };
  return { content: null, isCoachWriting: messages.at(-1)?.role === MessageRole.USER };
}
