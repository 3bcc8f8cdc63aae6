/** Where a step stands when one is the present one. */
export type Place = "done" | "present" | "ahead";

export function placeOf(index: number, present: number): Place {
  if (index === present) {
    return "present";
  }
  return index < present ? "done" : "ahead";
}

export const WORD_OF_PLACE: Readonly<Record<Place, string>> = {
  done: "done",
  present: "here you are",
  ahead: "to come",
};
