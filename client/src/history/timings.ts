import type { Action } from "../api/types";
import { isOpen } from "../live/lane";
import { inWords } from "../page/duration";

/** The times of an action (ms). `waited` ends with the last attempt's start; null stands for what is not known. */
export interface Timings {
  waited: number | null;
  ran: number | null;
}

/** A time of the server's that lies ahead of the reader's own clock counts as now. */
export function timingsOf(action: Action, now: number): Timings {
  const queued = Date.parse(action.queued_at);
  const started = action.started_at === null ? null : Date.parse(action.started_at);
  const ended = action.finished_at === null ? null : Date.parse(action.finished_at);
  // An action that was queued again after it had ended keeps the start of its last attempt.
  const isWaiting = isOpen(action) && action.status !== "running";
  const begun = isWaiting ? null : started;
  const waited = Math.max(0, (begun ?? ended ?? now) - queued);
  const ran = begun === null ? null : Math.max(0, (ended ?? now) - begun);
  return { waited, ran };
}

/** "Waited 120 ms, ran 15 ms" and the like, broken after the comma alone. */
export function timingsInWords(action: Action, now: number): string {
  const { waited, ran } = timingsOf(action, now);
  const parts = [];
  if (waited !== null)
    parts.push(`${isOpen(action) && ran === null ? "waiting for" : "waited"}\u00a0${inWords(waited)}`);
  if (ran !== null) parts.push(`${action.finished_at === null ? "running for" : "ran"}\u00a0${inWords(ran)}`);
  const text = parts.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
