import type { Action, Message } from "../api/types";
import { ACTIONS, MESSAGES } from "./fixtures";

const DONE = theOne(
  ACTIONS,
  ({ status, action_type }) => status === "succeeded" && action_type === "create_identity",
);
const SAID = theOne(MESSAGES, ({ role }) => role === "coach");

/** An action of its own, done, save for what `parts` says. */
export function anAction(parts: Partial<Action> = {}): Action {
  return { ...DONE, id: crypto.randomUUID(), ...parts };
}

/** A message of its own, the coach's and without actions, save for what `parts` says. */
export function aMessage(parts: Partial<Message> = {}): Message {
  return { ...SAID, id: crypto.randomUUID(), actions: [], ...parts };
}

function theOne<Item>(items: Item[], isIt: (item: Item) => boolean): Item {
  const found = items.find(isIt);
  if (found === undefined) throw new Error("The fixtures have none like it.");
  return found;
}
