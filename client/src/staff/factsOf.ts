import { type Readable, readable } from "../actions/readable";
import { IDENTITY_STATE_LABELS } from "../enums/identityState";
import { type Fields, named } from "./scenarioFile";

/** Where a parameter or a field of a state holds what is shown under another name elsewhere. */
const LIKE: Readonly<Record<string, string>> = {
  current_phase: "to_phase",
  identity_focus: "category",
  skipped_identity_categories: "category",
  asked_questions: "asked_question",
};

const IS_REFERENCE = /^\$[a-z]/;

/** The fields of a state or of an action in words. */
export function factsOf(all: Fields, names: ReadonlyMap<string, string>): Readable[] {
  return Object.entries(all).map(([key, value]) => {
    const [name] = readable({ [key]: "" }, names);
    const [values] = readable({ [LIKE[key] ?? key]: withNames(key, value, names) }, names);
    return { name: name?.name ?? key, values: values?.values ?? [] };
  });
}

function withNames(key: string, value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => withNames(key, one, names));
  if (value === null) return "";
  if (typeof value !== "string") return value;
  if (key === "state" && Object.hasOwn(IDENTITY_STATE_LABELS, value)) {
    return IDENTITY_STATE_LABELS[value as keyof typeof IDENTITY_STATE_LABELS];
  }
  const mayRefer = key === "current_identity" || /_id(_[a-z])?$/.test(key);
  return mayRefer && IS_REFERENCE.test(value) ? named(value, names) : value;
}
