import type { Message } from "../api/types";

/** The messages after the one with this id, all of them after null; none where the id is not there. */
export function newerThan(messages: readonly Message[], id: string | null): readonly Message[] {
  if (id === null) return messages;
  const index = messages.findIndex((message) => message.id === id);
  return index === -1 ? [] : messages.slice(index + 1);
}
