// Generated from server/enums/coach_failure_kind.py: do not edit, `make generate` writes it anew.

/** What was in the way of a coach's answer. */
export const CoachFailureKind = {
  REFUSAL: "refusal",
  TRUNCATED: "truncated",
  INVALID_RESPONSE: "invalid_response",
  TIMEOUT: "timeout",
  RATE_LIMIT: "rate_limit",
  UNAVAILABLE: "unavailable",
  NO_KEY: "no_key",
  WRONG_KEY: "wrong_key",
  WRONG_MODEL: "wrong_model",
} as const;

export type CoachFailureKind = (typeof CoachFailureKind)[keyof typeof CoachFailureKind];

/** What a person reads, in canonical order. */
export const COACH_FAILURE_KIND_LABELS: Readonly<Record<CoachFailureKind, string>> = {
  refusal: "Refusal",
  truncated: "Truncated",
  invalid_response: "Invalid Response",
  timeout: "Timeout",
  rate_limit: "Rate Limit",
  unavailable: "Unavailable",
  no_key: "No Key",
  wrong_key: "Wrong Key",
  wrong_model: "Wrong Model",
};
