import { AccountChanged } from "../api/account";
import { Problem } from "../api/http";
import { CoachFailureKind } from "../enums/coachFailureKind";

export type FailureKind =
  | "unreachable"
  | "coach_away"
  | "broken"
  | "signed_out"
  | "not_let_through"
  | "overtaken"
  | "too_long"
  | "too_large"
  | "refused"
  | "too_many"
  | "interrupted"
  | "set_aside"
  | CoachFailureKind;

/** Why a message is not sent. The words are found when it is shown, for it may be kept for long. */
export interface Failure {
  kind: FailureKind;
  /** When it may be tried again (ms), if that was said. */
  until: number | null;
}

const KINDS: Readonly<Record<number, FailureKind>> = {
  400: "refused",
  401: "signed_out",
  403: "not_let_through",
  409: "overtaken",
  413: "too_large",
  422: "refused",
  429: "too_many",
  502: "unreachable",
  503: "coach_away",
  504: "unreachable",
};

export function failureOf(error: unknown): Failure {
  if (error instanceof AccountChanged) return failure("signed_out");
  if (!(error instanceof Problem)) return failure("unreachable");
  const { status, retryAfterS, kind } = error;
  return {
    kind: isOfCoach(kind) ? kind : (KINDS[status] ?? "broken"),
    until: retryAfterS ? Date.now() + retryAfterS * 1_000 : null,
  };
}

const OF_COACH: ReadonlySet<string | null> = new Set(Object.values(CoachFailureKind));

/** Whether the message has arrived, and the coach could not answer it. */
export function isOfCoach(kind: string | null): kind is CoachFailureKind {
  return OF_COACH.has(kind);
}

export function failure(kind: FailureKind): Failure {
  return { kind, until: null };
}
