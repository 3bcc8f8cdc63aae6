import { COACHING_PHASE_LABELS } from "../enums/coachingPhase";
import { GET_TO_KNOW_YOU_QUESTION_LABELS } from "../enums/getToKnowYouQuestion";
import { IDENTITY_CATEGORY_LABELS } from "../enums/identityCategory";

/** One parameter as a person reads it; several values for a list. */
export interface Readable {
  name: string;
  values: string[];
}

const NAMES: Readonly<Record<string, string>> = {
  identity_id: "Identity",
  identity_id_a: "First identity",
  identity_id_b: "Second identity",
  parent_identity_id: "Part of",
  user_note_id: "Note",
  i_am_statement: "“I am” statement",
};

const ENUMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  category: IDENTITY_CATEGORY_LABELS,
  to_phase: COACHING_PHASE_LABELS,
  asked_question: GET_TO_KNOW_YOU_QUESTION_LABELS,
};

const IS_ID = /(^|_)id(_[a-z])?$/;

/** An action's parameters in words. `names` says what an id stands for, where that is known. */
export function readable(
  parameters: Readonly<Record<string, unknown>>,
  names: ReadonlyMap<string, string>,
): Readable[] {
  return Object.entries(parameters).map(([key, value]) => ({
    name: own(NAMES, key) ?? words(key),
    values: (Array.isArray(value) ? value : [value]).map((item: unknown) => inWords(key, item, names)),
  }));
}

/** The ids that the parameters name. */
export function idsIn(parameters: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(parameters)
    .filter(([key]) => IS_ID.test(key))
    .flatMap(([, value]) => (typeof value === "string" ? [value] : []));
}

function words(key: string): string {
  const text = key.replaceAll("_", " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function inWords(key: string, value: unknown, names: ReadonlyMap<string, string>): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? "";
  if (IS_ID.test(key)) return names.get(value) ?? value;
  return own(own(ENUMS, key) ?? {}, value) ?? value;
}

/** A text from outside may be the name of something that every object inherits. */
function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
