// Generated from server/enums/replay_status.py: do not edit, `make generate` writes it anew.

/** The life of a replay: `starting` and `running` are open, the others are how it ended. */
export const ReplayStatus = {
  STARTING: "starting",
  RUNNING: "running",
  AS_EXPECTED: "as_expected",
  DIFFERS: "differs",
  STOPPED: "stopped",
  FAILED: "failed",
} as const;

export type ReplayStatus = (typeof ReplayStatus)[keyof typeof ReplayStatus];

/** What a person reads, in canonical order. */
export const REPLAY_STATUS_LABELS: Readonly<Record<ReplayStatus, string>> = {
  starting: "Starting",
  running: "Running",
  as_expected: "As Expected",
  differs: "Differs",
  stopped: "Stopped",
  failed: "Failed",
};
