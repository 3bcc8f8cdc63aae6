/** Sample data, each file named after the model of the server that it obeys. */
import type {
  Action,
  CoachState,
  Identity,
  Message,
  MessagePair,
  SessionState,
  UserNote,
  UserState,
} from "../api/types";
import action from "./fixtures/Action.json";
import coachState from "./fixtures/CoachState.json";
import identity from "./fixtures/Identity.json";
import message from "./fixtures/Message.json";
import messagePair from "./fixtures/MessagePair.json";
import sessionState from "./fixtures/SessionState.json";
import userNote from "./fixtures/UserNote.json";

/** Every status is among them. */
export const ACTIONS = action as Action[];
/** A conversation, oldest first. */
export const MESSAGES = message as Message[];
const identities = identity as Identity[];
export const IDENTITIES = identities.filter(({ state }) => state !== "archived");
export const ARCHIVED = identities.filter(({ state }) => state === "archived");
export const USER_NOTES: UserNote[] = userNote;
export const STATE: UserState = {
  coach_state: first(coachState) as CoachState,
  identities: IDENTITIES,
  at: 40,
};
export const SESSION = first(sessionState) as SessionState;
export const PAIR = first(messagePair) as MessagePair;

function first<Item>(items: Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new Error("The fixture is empty.");
  return item;
}
