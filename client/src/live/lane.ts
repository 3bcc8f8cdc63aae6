import type { Action, Message } from "../api/types";
import { ActionStatus } from "../enums/actionStatus";

const OPEN: ReadonlySet<Action["status"]> = new Set([
  ActionStatus.QUEUED,
  ActionStatus.RUNNING,
  ActionStatus.RETRYING,
  ActionStatus.PARKED,
]);

/** Whether something may still become of the action: it holds the user's lane. */
export function isOpen({ status }: Action): boolean {
  return OPEN.has(status);
}

/**
 * How many open actions stand ahead of each open one in the user's lane; `messages` are oldest first.
 *
 * Nothing where that cannot be known: `isWhole` says whether there are no older messages, which may have open actions.
 */
export function aheadOf(messages: readonly Message[], isWhole: boolean): Map<string, number> {
  const ahead = new Map<string, number>();
  const actions = messages.flatMap((message) => message.actions);
  const oldest = actions[0];
  if (!isWhole && oldest && isOpen(oldest)) return ahead;
  for (const action of actions) {
    if (isOpen(action)) ahead.set(action.id, ahead.size);
  }
  return ahead;
}
