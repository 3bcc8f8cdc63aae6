import { Problem } from "../api/http";
import { DID_NOT_GO_THROUGH, UNREACHABLE } from "../api/words";
import { sentence } from "../page/sentence";

export type Field = "email" | "password";

/** Why it did not work: what concerns a field, what concerns all, and whether signing in would be the way. */
export interface Failure {
  fields: Partial<Record<Field, string>>;
  text: string | null;
  isTaken: boolean;
}

const WORDS: Readonly<Record<number, string>> = {
  401: "This email and this password do not belong together. Check both and try again.",
  403: DID_NOT_GO_THROUGH,
  409: "There is an account with this email already.",
};

/** What to tell the user about an error of signing in or up. */
export function failureOf(error: unknown, now: Date): Failure {
  if (!(error instanceof Problem)) return { fields: {}, text: UNREACHABLE, isTaken: false };
  const fields = error.status === 422 ? fieldsOf(error) : {};
  const text = Object.keys(fields).length > 0 ? null : textOf(error, now);
  return { fields, text, isTaken: error.status === 409 };
}

function fieldsOf(problem: Problem): Failure["fields"] {
  const fields: Failure["fields"] = {};
  for (const field of ["email", "password"] as const) {
    const said = problem.errors.filter(({ loc }) => loc.at(-1) === field).map(({ msg }) => sentence(msg));
    if (said.length > 0) fields[field] = said.join(" ");
  }
  return fields;
}

function textOf(problem: Problem, now: Date): string {
  if (problem.status === 429) return lockedOut(problem.retryAfterS, now);
  return WORDS[problem.status] ?? (problem.status >= 500 ? UNREACHABLE : problem.detail);
}

/** The account is closed to signing in for a while: says until when. */
function lockedOut(retryAfterS: number | null, now: Date): string {
  const why = "There were too many tries with a wrong password, so signing in is closed for a while.";
  if (!retryAfterS) return `${why} Please try again later.`;
  const at = new Date(now.getTime() + retryAfterS * 1000);
  return `${why} Please try again ${inWords(retryAfterS)}, at ${CLOCK.format(at)}.`;
}

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

function inWords(seconds: number): string {
  if (seconds <= 90) return "in about a minute";
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `in ${minutes} minutes`;
  return `in about ${Math.round(minutes / 60)} hours`;
}
