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

/** How many open actions stand ahead of each open one in the user's lane; `messages` are oldest first. */
export function aheadOf(messages: readonly Message[]): Map<string, number> {
  const ahead = new Map<string, number>();
  for (const action of messages.flatMap(({ actions }) => actions)) {
    if (isOpen(action)) ahead.set(action.id, ahead.size);
  }
  return ahead;
}
