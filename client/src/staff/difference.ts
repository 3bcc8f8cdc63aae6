import { labelOf } from "./labels";

/** A value as a person reads it. */
export interface Reading {
  text: string;
  /** The value has no words of its own: these tell of it. */
  isStandIn: boolean;
}

/** What was expected and what came, so that they do not look alike: "3" and 3 are JSON then. */
export function readings(expected: unknown, got: unknown): [expected: Reading, got: Reading] {
  const [one, other] = [reading(expected), reading(got)];
  if (seen(one.text) !== seen(other.text)) return [one, other];
  return [ownWords(JSON.stringify(expected ?? null)), ownWords(JSON.stringify(got ?? null))];
}

function reading(value: unknown): Reading {
  if (value === null || value === undefined) return standIn("no value");
  if (value === "") return standIn("an empty text");
  if (typeof value === "string") return ownWords(value);
  if (Array.isArray(value) && value.length === 0) return standIn("an empty list");
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) {
    return ownWords(value.map((one) => `• ${one}`).join("\n"));
  }
  return ownWords(JSON.stringify(value, null, 1));
}

function ownWords(text: string): Reading {
  return { text, isStandIn: false };
}

function standIn(text: string): Reading {
  return { text, isStandIn: true };
}

/** What is seen of a text: one space as much as many. */
function seen(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** "3. accept_identity" as "3. Accept an identity"; what no action did was so at the start. */
export function byInWords(by: string | null | undefined): string {
  if (!by) return "no action";
  const [, number, type] = /^(\d+)\. ([a-z_]+)$/.exec(by) ?? [];
  return number && type ? `${number}. ${labelOf(type)}` : by;
}
