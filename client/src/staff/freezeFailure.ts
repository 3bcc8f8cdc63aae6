import { Problem } from "../api/http";
import { asSentence, whyNot } from "./sentences";

/** Why a conversation could not be frozen, and which field that is about, if one; `isTaken`: another has the name. */
export interface FreezeFailure {
  field: "email" | "name" | null;
  text: string;
  isTaken?: boolean;
}

export function failureOf(error: unknown): FreezeFailure {
  if (!(error instanceof Problem)) return { field: null, text: whyNot(error) };
  if (error.status === 409) return { field: "name", text: whyNot(error), isTaken: true };
  for (const { loc, msg } of error.errors) {
    const field = loc.at(-1);
    if (field === "email" || field === "name") return { field, text: asSentence(msg) };
  }
  return { field: null, text: whyNot(error) };
}
