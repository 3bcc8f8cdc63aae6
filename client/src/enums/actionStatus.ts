// Generated from server/enums/action_status.py: do not edit, `make generate` writes it anew.

/** The life of an action (drawn in the docs, "Life of an action"). */
export const ActionStatus = {
  QUEUED: "queued",
  RUNNING: "running",
  RETRYING: "retrying",
  PARKED: "parked",
  SUCCEEDED: "succeeded",
  SKIPPED: "skipped",
  REJECTED: "rejected",
  DEAD: "dead",
  CANCELLED: "cancelled",
} as const;

export type ActionStatus = (typeof ActionStatus)[keyof typeof ActionStatus];

/** What a person reads, in canonical order. */
export const ACTION_STATUS_LABELS: Readonly<Record<ActionStatus, string>> = {
  queued: "Queued",
  running: "Running",
  retrying: "Retrying",
  parked: "Parked",
  succeeded: "Succeeded",
  skipped: "Skipped",
  rejected: "Rejected",
  dead: "Dead",
  cancelled: "Cancelled",
};
