import {
  IconArrowForwardUp,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconHourglass,
  IconLoader2,
  IconRefresh,
  IconSlash,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Action } from "../api/types";
import { ActionStatus } from "../enums/actionStatus";
import { untilThen } from "./countdown";
import { errorOf, toldOf } from "./reason";
import { STATUS_WORDS } from "./statusWords";

export type Tone = "waiting" | "working" | "heed" | "good" | "quiet" | "bad";

/** How an action's state is shown. `label` says the state, `detail` why or what came of it; it may be empty. */
export interface Wording {
  icon: TablerIcon;
  tone: Tone;
  label: string;
  detail: string;
}

/** The words for an action with `ahead` open actions before it in its lane, if known, at the time `now` (ms). */
export function describe(action: Action, ahead: number | null, now: number): Wording {
  const summary = action.result_summary;
  const { status } = action;
  const label = STATUS_WORDS[status];
  switch (status) {
    case ActionStatus.QUEUED:
      return { icon: IconClock, tone: "waiting", label: waiting(ahead), detail: summary };
    case ActionStatus.RUNNING:
      return { icon: IconLoader2, tone: "working", label, detail: againOf(action) };
    case ActionStatus.RETRYING:
      return { icon: IconRefresh, tone: "heed", label, detail: nextTry(action, now) };
    case ActionStatus.PARKED:
      return {
        icon: IconHourglass,
        tone: "waiting",
        label,
        detail: "",
      };
    case ActionStatus.SUCCEEDED:
      return { icon: IconCircleCheck, tone: "good", label, detail: summary };
    case ActionStatus.SKIPPED:
      return { icon: IconArrowForwardUp, tone: "quiet", label, detail: summary };
    case ActionStatus.REJECTED:
      return { icon: IconBan, tone: "bad", label, detail: toldOf(action) };
    case ActionStatus.DEAD:
      return { icon: IconCircleX, tone: "bad", label: gaveUp(action), detail: errorOf(action) };
    case ActionStatus.CANCELLED:
      return {
        icon: IconSlash,
        tone: "quiet",
        label,
        detail: withoutOpening(label, summary),
      };
    default:
      return unknown(status);
  }
}

function waiting(ahead: number | null): string {
  if (ahead === null) return STATUS_WORDS.queued;
  if (ahead <= 0) return `${STATUS_WORDS.queued}, next in line`;
  return `${STATUS_WORDS.queued}, behind ${ahead} ${ahead === 1 ? "other" : "others"}`;
}

/** Not of how many: an attempt that met an absent database does not count, so more may follow. */
function againOf({ attempt }: Action): string {
  return attempt > 1 ? `Attempt ${attempt}.` : "";
}

function nextTry({ attempt, due_at }: Action, now: number): string {
  return `Attempt ${attempt} did not work, next try ${untilThen(due_at, now)}.`;
}

function gaveUp({ attempt }: Action): string {
  return `${STATUS_WORDS.dead} after ${attempt} ${attempt === 1 ? "attempt" : "attempts"}`;
}

/** The rest of a sentence whose beginning the label has said already. */
function withoutOpening(opening: string, sentence: string): string {
  return sentence.startsWith(`${opening} `) ? sentence.slice(opening.length + 1) : sentence;
}

/** A status that a newer server knows and this page does not. */
function unknown(status: never): Wording {
  return { icon: IconClock, tone: "waiting", label: String(status), detail: "" };
}
