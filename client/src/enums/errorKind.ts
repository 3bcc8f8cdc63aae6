// Generated from server/enums/error_kind.py: do not edit, `make generate` writes it anew.

/** The `kind` of an action's `error`. */
export const ErrorKind = {
  INVALID_PARAMS: "invalid_params",
  NOT_FOUND: "not_found",
  ARCHIVED: "archived",
  CONFLICT: "conflict",
  NOT_ALLOWED: "not_allowed",
  UNKNOWN_ACTION: "unknown_action",
  TIME_LIMIT: "time_limit",
  WORKER_LOST: "worker_lost",
  EXCEPTION: "exception",
} as const;

export type ErrorKind = (typeof ErrorKind)[keyof typeof ErrorKind];

/** What a person reads, in canonical order. */
export const ERROR_KIND_LABELS: Readonly<Record<ErrorKind, string>> = {
  invalid_params: "The parameters do not fit",
  not_found: "Not found",
  archived: "Archived",
  conflict: "In conflict with something else",
  not_allowed: "Not allowed now",
  unknown_action: "Unknown action",
  time_limit: "It took too long",
  worker_lost: "It was cut short",
  exception: "Something went wrong",
};
