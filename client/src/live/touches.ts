import type { Action, Identity } from "../api/types";
import { ActionType } from "../enums/actionType";

/** The parts of a user's state: those that are shown, and `archived`, the identities that were put away. */
export type Part =
  | "phase"
  | "focus"
  | "skipped"
  | "current_identity"
  | "who_you_are"
  | "who_you_want_to_be"
  | "asked_questions"
  | "identity"
  | "archived"
  | "user_notes";

const PARTS: Readonly<Partial<Record<Action["action_type"], readonly Part[]>>> = {
  [ActionType.CREATE_IDENTITY]: ["identity"],
  [ActionType.UPDATE_IDENTITY_NAME]: ["identity"],
  [ActionType.UPDATE_I_AM_STATEMENT]: ["identity"],
  [ActionType.UPDATE_IDENTITY_VISUALIZATION]: ["identity"],
  [ActionType.ADD_IDENTITY_NOTE]: ["identity"],
  [ActionType.ACCEPT_IDENTITY]: ["identity"],
  [ActionType.ACCEPT_IDENTITY_REFINEMENT]: ["identity", "current_identity"],
  [ActionType.ACCEPT_IDENTITY_COMMITMENT]: ["identity", "current_identity"],
  [ActionType.ACCEPT_I_AM_STATEMENT]: ["identity", "current_identity"],
  [ActionType.ACCEPT_IDENTITY_VISUALIZATION]: ["identity", "current_identity"],
  [ActionType.ARCHIVE_IDENTITY]: ["identity", "current_identity", "archived"],
  [ActionType.NEST_IDENTITY]: ["identity", "current_identity", "archived"],
  [ActionType.COMBINE_IDENTITIES]: ["identity", "current_identity", "archived"],
  [ActionType.TRANSITION_PHASE]: ["phase", "identity", "current_identity"],
  [ActionType.SELECT_IDENTITY_FOCUS]: ["focus"],
  [ActionType.SKIP_IDENTITY_CATEGORY]: ["skipped"],
  [ActionType.UNSKIP_IDENTITY_CATEGORY]: ["skipped"],
  [ActionType.UPDATE_WHO_YOU_ARE]: ["who_you_are"],
  [ActionType.UPDATE_WHO_YOU_WANT_TO_BE]: ["who_you_want_to_be"],
  [ActionType.UPDATE_ASKED_QUESTIONS]: ["asked_questions"],
  [ActionType.SET_CURRENT_IDENTITY]: ["current_identity"],
  [ActionType.ADD_USER_NOTE]: ["user_notes"],
  [ActionType.UPDATE_USER_NOTE]: ["user_notes"],
  [ActionType.DELETE_USER_NOTE]: ["user_notes"],
};

/** Whether an action of this type may change this part of the state. One that is not listed may change any. */
export function mayTouch({ action_type }: Action, part: Part): boolean {
  return PARTS[action_type]?.includes(part) ?? true;
}

/** Whether an action of this type is there to change this part. */
export function isFor({ action_type }: Action, part: Part): boolean {
  return PARTS[action_type]?.includes(part) ?? false;
}

/** Whether the action's parameters speak of this identity, by its id or its name. */
export function mentions({ parameters }: Action, { id, name }: Identity): boolean {
  return Object.values(parameters).some((value) => value === id || value === name);
}
