import type { components } from "./schema";

type Schemas = components["schemas"];

export type Action = Schemas["Action"];
export type Message = Schemas["Message"];
export type Identity = Schemas["Identity"];
export type CoachState = Schemas["CoachState"];
export type UserNote = Schemas["UserNote"];
export type User = Schemas["User"];
export type SessionState = Schemas["SessionState"];
export type MessagePair = Schemas["MessagePair"];
export type ProblemBody = Schemas["Problem"];
export type Credentials = Schemas["Credentials"];
export type ScenarioSummary = Schemas["ScenarioSummary"];
/** With its file. */
export type Scenario = Schemas["Scenario"];
export type Frozen = Schemas["FrozenScenario"];
export type Replay = Schemas["ReplaySummary"];
/** With what became of each scenario. */
export type ReplayDetail = Schemas["Replay"];
export type ReplayResult = Schemas["ReplayResult"];
export type Difference = Schemas["ReplayDifference"];

/** A part of a list, and the user's last cursor at the moment of which it tells. */
export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
  at: number;
}

export type MessagePage = Page<Message>;
export type ActionPage = Page<Action>;

/** The coach state and the live identities, as they were at cursor `at`. */
export interface UserState {
  coach_state: CoachState;
  identities: Identity[];
  at: number;
}

/** A whole list as it was at cursor `at`. */
export interface Listed<Item> {
  items: Item[];
  at: number;
}

/** Which actions the history shows; what is left out does not matter. */
export interface ActionFilter {
  status?: Action["status"];
  action_type?: Action["action_type"];
  q?: string;
}
