import type { Action, ActionFilter, ActionPage } from "./types";

/** The actions that are to be shown of a history with this filter. */
export function shownActions(pages: readonly ActionPage[], { status }: ActionFilter): Action[] {
  const all = pages.flatMap(({ items }) => items);
  return status ? all.filter((action) => action.status === status) : all;
}
