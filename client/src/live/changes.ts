import type { Action, CoachState, Identity, UserState } from "../api/types";
import { mayTouch, mentions, type Part } from "./touches";

/** Something of the state that has just changed. */
export interface Change {
  /** A part of the state; of an identity, `identity:<id>`. */
  key: string;
  /** The action that changed it, where that is known. */
  cause: Action | null;
  /** When it was seen (ms). */
  since: number;
}

/** What is different between two states: its part, and the identity that it is about. */
export interface Difference {
  key: string;
  part: Part;
  identity?: Identity;
}

const FIELDS: readonly (readonly [keyof CoachState, Part])[] = [
  ["current_phase", "phase"],
  ["identity_focus", "focus"],
  ["skipped_identity_categories", "skipped"],
  ["current_identity", "current_identity"],
  ["who_you_are", "who_you_are"],
  ["who_you_want_to_be", "who_you_want_to_be"],
  ["asked_questions", "asked_questions"],
];

export function differences(before: UserState, after: UserState): Difference[] {
  const parts = FIELDS.filter(([field]) => !isSame(before.coach_state[field], after.coach_state[field])).map(
    ([, part]) => ({ key: part, part }),
  );
  return [...parts, ...differentIdentities(before.identities, after.identities)];
}

function differentIdentities(before: readonly Identity[], after: readonly Identity[]): Difference[] {
  const old = new Map(before.map((identity) => [identity.id, identity]));
  const gone = before.filter(({ id }) => !after.some((identity) => identity.id === id));
  const other = after.filter((identity) => !isSame(old.get(identity.id), identity));
  return [...other, ...gone].map((identity) => ({
    key: `identity:${identity.id}`,
    part: "identity",
    identity,
  }));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The last of the actions that may have made the difference; of an identity, rather one that speaks of it. */
export function causeOf({ part, identity }: Difference, succeeded: readonly Action[]): Action | null {
  const possible = succeeded.filter((action) => mayTouch(action, part));
  const speaking = identity && possible.findLast((action) => mentions(action, identity));
  return speaking ?? possible.at(-1) ?? null;
}
