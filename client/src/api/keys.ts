import type { ActionFilter } from "./types";

/**
 * Where the query cache keeps what. All that is of a user lies under that user's id, so that two never mix: under `user`
 * what the event stream keeps true, under `staff` what it does not tell of.
 */
export const keys = {
  session: ["session"],
  resets: (userId: string) => ["resets", userId],
  users: ["user"],
  ofUser: (userId: string) => ["user", userId],
  messages: (userId: string) => ["user", userId, "messages"],
  state: (userId: string) => ["user", userId, "state"],
  userNotes: (userId: string) => ["user", userId, "user_notes"],
  archivedIdentities: (userId: string) => ["user", userId, "archived"],
  actions: (userId: string, filter: ActionFilter) => ["user", userId, "actions", filter],
  staff: ["staff"],
  scenarios: (userId: string) => ["staff", userId, "scenarios"],
  scenario: (userId: string, id: string) => ["staff", userId, "scenario", id],
  replays: (userId: string) => ["staff", userId, "replays"],
  replay: (userId: string, id: string) => ["staff", userId, "replay", id],
} as const;
