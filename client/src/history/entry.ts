import type { Action } from "../api/types";

/** What a row and a card are drawn of. */
export interface EntryProps {
  action: Action;
  /** How many open actions stand before it in its lane. */
  ahead: number | null;
}
