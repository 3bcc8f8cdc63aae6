import { ACTION_TYPE_LABELS } from "../enums/actionType";

/** What a table has for a text from outside, which may be the name of something that every object inherits. */
export function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** An action's type as a person reads it. */
export function labelOf(type: string): string {
  return own(ACTION_TYPE_LABELS, type) ?? type;
}
