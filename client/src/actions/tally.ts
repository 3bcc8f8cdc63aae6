import type { Action } from "../api/types";
import { ActionStatus } from "../enums/actionStatus";
import { isOpen } from "../live/lane";

/** How many actions are in which state, as a reader groups them. */
export interface Tally {
  done: number;
  nothingToDo: number;
  refused: number;
  gaveUp: number;
  cancelled: number;
  open: number;
}

export function tally(actions: readonly Action[]): Tally {
  const of = (status: Action["status"]) => actions.filter((action) => action.status === status).length;
  return {
    done: of(ActionStatus.SUCCEEDED),
    nothingToDo: of(ActionStatus.SKIPPED),
    refused: of(ActionStatus.REJECTED),
    gaveUp: of(ActionStatus.DEAD),
    cancelled: of(ActionStatus.CANCELLED),
    open: actions.filter(isOpen).length,
  };
}

/** "24 actions: 20 done, 1 refused, 3 to come." */
export function tallyInWords(actions: readonly Action[]): string {
  const { done, nothingToDo, refused, gaveUp, cancelled, open } = tally(actions);
  const parts = [
    done > 0 && `${done} done`,
    nothingToDo > 0 && `${nothingToDo} with nothing to do`,
    refused > 0 && `${refused} refused`,
    gaveUp > 0 && `${gaveUp} given up`,
    cancelled > 0 && `${cancelled} cancelled`,
    open > 0 && `${open} to come`,
  ].filter((part) => part !== false);
  return `${countOfActions(actions.length)}: ${parts.join(", ")}.`;
}

export function countOfActions(count: number): string {
  return count === 1 ? "1 action" : `${count} actions`;
}
