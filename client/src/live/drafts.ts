import { MessageRole } from "../enums/messageRole";
import type { LiveEvent } from "./event";

/** What the coach is writing: its text so far, by the id of the user's message that it answers. */
export type Drafts = ReadonlyMap<string, string>;

export const NO_DRAFTS: Drafts = new Map();

/** `keyOf` tells the idempotency key of a user's message, which its answer bears too. The same map if nothing changed. */
export function foldDrafts(
  drafts: Drafts,
  events: readonly LiveEvent[],
  keyOf: (messageId: string) => string | null,
): Drafts {
  return events.reduce((known, event) => folded(known, event, keyOf), drafts);
}

function folded(drafts: Drafts, event: LiveEvent, keyOf: (messageId: string) => string | null): Drafts {
  if (event.kind === "message_delta") {
    const { user_message_id: id, start, text, is_over } = event;
    return is_over ? without(drafts, (one) => one === id) : written(drafts, id, start, text);
  }
  if (event.kind !== "message" || event.message.role !== MessageRole.COACH) return drafts;
  const { idempotency_key: key } = event.message;
  return key === null ? drafts : without(drafts, (id) => keyOf(id) === key);
}

function written(drafts: Drafts, id: string, start: number, piece: string): Drafts {
  return new Map(drafts).set(id, firstOf(drafts.get(id) ?? "", start) + piece);
}

/** So many characters as the server counts them: one outside the basic plane is two in a string of ours. */
function firstOf(text: string, count: number): string {
  return [...text].slice(0, count).join("");
}

function without(drafts: Drafts, isDone: (id: string) => boolean): Drafts {
  const left = [...drafts].filter(([id]) => !isDone(id));
  return left.length === drafts.size ? drafts : new Map(left);
}
