import {
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconEqualNot,
  IconLoader2,
  IconPlayerStop,
} from "@tabler/icons-react";
import type { Wording } from "../actions/wording";
import type { Replay } from "../api/types";
import { ReplayStatus } from "../enums/replayStatus";
import { sentence } from "../page/sentence";
import { countOf } from "./sentences";

export function isOpen({ status }: Pick<Replay, "status">): boolean {
  return status === ReplayStatus.STARTING || status === ReplayStatus.RUNNING;
}

/** How a replay's state is shown. */
export function markOf({ status, is_stopping, differing }: Replay): Wording {
  switch (status) {
    case ReplayStatus.STARTING:
    case ReplayStatus.RUNNING:
      if (is_stopping) return { icon: IconPlayerStop, tone: "heed", label: "Stopping", detail: "" };
      return status === ReplayStatus.STARTING
        ? { icon: IconClock, tone: "waiting", label: "Starting", detail: "" }
        : { icon: IconLoader2, tone: "working", label: "Running", detail: "" };
    case ReplayStatus.AS_EXPECTED:
      return { icon: IconCircleCheck, tone: "good", label: "As expected", detail: "" };
    case ReplayStatus.DIFFERS:
      return {
        icon: IconEqualNot,
        tone: "bad",
        label: differing === 1 ? "1 differs" : `${differing} differ`,
        detail: "",
      };
    case ReplayStatus.STOPPED:
      return { icon: IconPlayerStop, tone: "quiet", label: "Stopped", detail: "" };
    case ReplayStatus.FAILED:
      return { icon: IconCircleX, tone: "bad", label: "Failed", detail: "" };
    default:
      return { icon: IconClock, tone: "waiting", label: String(status), detail: "" };
  }
}

/** What was replayed: the one scenario by its name, more by their number. */
export function whatOf({ names }: Pick<Replay, "names">): string {
  const [only] = names;
  return names.length === 1 && only !== undefined ? only : countOf(names.length, "scenario");
}

/** "3 copies of each", where there is more than one of each. */
export function copiesOf({ names, copies }: Pick<Replay, "names" | "copies">): string {
  return countOf(copies, "copy", "copies") + (names.length === 1 ? "" : " of each");
}

/** How it came out, in a sentence; for one that has not ended, how it stands. */
export function outcomeOf(replay: Replay): string {
  const { status, names, differing, reason } = replay;
  const why = reason ? ` ${sentence(reason)}` : "";
  switch (status) {
    case ReplayStatus.AS_EXPECTED:
      return names.length === 1
        ? "It came out as expected."
        : `All ${countOf(names.length, "scenario")} came out as expected.`;
    case ReplayStatus.DIFFERS:
      return names.length === 1
        ? "It came out differently from what is expected."
        : `${differing} of ${countOf(names.length, "scenario")} came out differently from what is expected.`;
    case ReplayStatus.STOPPED:
      return `It was stopped before its end, so there are no results.${why}`;
    case ReplayStatus.FAILED:
      return `It failed before its end, so there are no results.${why}`;
    case ReplayStatus.STARTING:
      return "It is being started.";
    default:
      return differing > 0 ? differingSoFar(differing) : "So far, all is as expected.";
  }
}

export function differingSoFar(differing: number): string {
  return differing === 1 ? "1 scenario differs so far." : `${differing} scenarios differ so far.`;
}
