import type { ActionStatus } from "../enums/actionStatus";

/** The statuses in the words that an action is shown and chosen by. */
export const STATUS_WORDS: Readonly<Record<ActionStatus, string>> = {
  queued: "Waiting",
  running: "Running",
  retrying: "Trying again",
  parked: "Waiting for an update of the system",
  succeeded: "Done",
  skipped: "Nothing to do",
  rejected: "Refused",
  dead: "Gave up",
  cancelled: "Cancelled",
};
