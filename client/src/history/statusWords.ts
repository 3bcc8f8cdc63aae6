import type { ActionStatus } from "../enums/actionStatus";

/** The statuses by the words that the rows say, for choosing one. */
export const STATUS_WORDS: Readonly<Record<ActionStatus, string>> = {
  queued: "Waiting",
  running: "Running",
  retrying: "Trying again",
  parked: "Waiting for an update",
  succeeded: "Done",
  skipped: "Nothing to do",
  rejected: "Refused",
  dead: "Gave up",
  cancelled: "Cancelled",
};
