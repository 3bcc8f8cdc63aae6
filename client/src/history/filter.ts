import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import type { ActionFilter } from "../api/types";
import { ACTION_STATUS_LABELS, type ActionStatus } from "../enums/actionStatus";
import { ACTION_TYPE_LABELS, type ActionType } from "../enums/actionType";

/** How long a text the server looks for. */
export const MAX_TEXT = 200;

/** What is to be chosen instead; an empty text takes a choice back. */
export type FilterChange = Partial<Record<keyof ActionFilter, string>>;

export const SHOW_ALL: FilterChange = { q: "", action_type: "", status: "" };

/** The filter stands in the address, so that it can be kept, sent, and gone back from. */
export function useFilter(): [ActionFilter, (change: FilterChange) => void] {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => filterOf(search), [search]);
  const change = useCallback(
    (changed: FilterChange) =>
      setSearch((before) => searchOf({ ...Object.fromEntries(before), ...changed }), { replace: true }),
    [setSearch],
  );
  return [filter, change];
}

/** What the address says; what is no status or type, by a mistyped address, is left out. */
export function filterOf(search: URLSearchParams): ActionFilter {
  const status = search.get("status") ?? "";
  const actionType = search.get("action_type") ?? "";
  const q = (search.get("q") ?? "").replaceAll("\0", "").trim().slice(0, MAX_TEXT);
  return {
    ...(isStatus(status) ? { status } : {}),
    ...(isActionType(actionType) ? { action_type: actionType } : {}),
    ...(q ? { q } : {}),
  };
}

function searchOf(wanted: Record<string, string>): URLSearchParams {
  return new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== ""));
}

function isStatus(text: string): text is ActionStatus {
  return Object.hasOwn(ACTION_STATUS_LABELS, text);
}

function isActionType(text: string): text is ActionType {
  return Object.hasOwn(ACTION_TYPE_LABELS, text);
}
