import type { Action } from "../api/types";
import { ActionStatus } from "../enums/actionStatus";
import { sentence } from "../page/sentence";
import { toldOf } from "./reason";
import { countOfActions, tally } from "./tally";

/** Of more refusals than these only the number is said. */
const MOST_REASONS = 2;

/** What has just come of some actions, in a few short sentences for the ear. */
export function outcomesInWords(ended: readonly Action[]): string {
  const only = ended.length === 1 ? ended[0] : undefined;
  if (only !== undefined) return outcomeInWords(only);
  const { done, nothingToDo, cancelled } = tally(ended);
  return [
    done > 0 && `${countOfActions(done)} done.`,
    nothingToDo > 0 && `${nothingToDo} had nothing to do.`,
    troubles("refused", withStatus(ended, ActionStatus.REJECTED)),
    troubles("given up", withStatus(ended, ActionStatus.DEAD)),
    cancelled > 0 && `${cancelled} cancelled.`,
  ]
    .filter((part) => part !== false)
    .join(" ");
}

function outcomeInWords(action: Action): string {
  const told = sentence(toldOf(action));
  switch (action.status) {
    case ActionStatus.SUCCEEDED:
      return `Done: ${told}`;
    case ActionStatus.SKIPPED:
      return `Nothing to do: ${told}`;
    case ActionStatus.REJECTED:
      return `Refused: ${told}`;
    default:
      return `${action.label}: ${told}`;
  }
}

function troubles(word: string, actions: Action[]): string | false {
  if (actions.length === 0) return false;
  if (actions.length > MOST_REASONS) return `${actions.length} ${word}.`;
  return `${actions.length} ${word}: ${actions.map((action) => sentence(toldOf(action))).join(" ")}`;
}

function withStatus(actions: readonly Action[], status: Action["status"]): Action[] {
  return actions.filter((action) => action.status === status);
}
