import { labelOf } from "./labels";

/** A value as a person reads it; empty where it is none. */
export function valueInWords(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string")) {
    return value.map((one) => `• ${one}`).join("\n");
  }
  if (Array.isArray(value) && value.length === 0) return "an empty list";
  return JSON.stringify(value, null, 1);
}

/** "3. accept_identity" as "3. Accept an identity"; what no action did was so at the start. */
export function byInWords(by: string | null | undefined): string {
  if (!by) return "no action";
  const [, number, type] = /^(\d+)\. ([a-z_]+)$/.exec(by) ?? [];
  return number && type ? `${number}. ${labelOf(type)}` : by;
}
