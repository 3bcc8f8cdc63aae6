import type { Action } from "../api/types";
import { ErrorKind } from "../enums/errorKind";

/** What came of an action, or why nothing did, in a sentence. */
export function toldOf(action: Action): string {
  return nothingThere(action) ?? (action.result_summary || errorOf(action));
}

/** Why it did not succeed. */
export function errorOf(action: Action): string {
  return nothingThere(action) ?? action.error?.message ?? "";
}

/**
 * The server's sentence of what is not there names the id that was asked for, so that a program can mend its mistake;
 * to a person an id says nothing.
 */
function nothingThere({ action_type, error }: Action): string | null {
  if (error?.kind !== ErrorKind.NOT_FOUND) return null;
  return `There is no such ${action_type.endsWith("_user_note") ? "note" : "identity"}.`;
}
