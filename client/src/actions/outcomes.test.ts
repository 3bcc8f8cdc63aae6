import { expect, test } from "vitest";
import { anAction } from "../testing/samples";
import { outcomesInWords } from "./outcomes";

const done = (result_summary = "Created “Cook”.") => anAction({ result_summary });
const refused = (result_summary: string) => anAction({ status: "rejected", result_summary });

test.each([
  [[done()], "Done: Created “Cook”."],
  [[anAction({ status: "skipped", result_summary: "It was there" })], "Nothing to do: It was there."],
  [[refused("No identity has this id.")], "Refused: No identity has this id."],
  [
    [anAction({ status: "dead", result_summary: "Gave up after 5 attempts." })],
    "Create an identity: Gave up after 5 attempts.",
  ],
  [
    [anAction({ status: "cancelled", result_summary: "The chat was reset." })],
    "Create an identity: The chat was reset.",
  ],
])("one outcome is said with its sentence: %#", (ended, words) => {
  expect(outcomesInWords(ended)).toBe(words);
});

test("several become one: what went well is counted, what did not has its reason", () => {
  const ended = [done(), done(), done(), refused("The phase does not allow it.")];
  expect(outcomesInWords(ended)).toBe("3 actions done. 1 refused: The phase does not allow it.");
});

test("of many refusals the number is said", () => {
  expect(outcomesInWords([refused("A."), refused("B.")])).toBe("2 refused: A. B.");
  expect(outcomesInWords([refused("A."), refused("B."), refused("C.")])).toBe("3 refused.");
});

test("every way to end is counted", () => {
  const others = (["skipped", "dead", "cancelled"] as const).map((status) =>
    anAction({ status, result_summary: "Why." }),
  );
  expect(outcomesInWords([done(), ...others])).toBe(
    "1 action done. 1 had nothing to do. 1 given up: Why. 1 cancelled.",
  );
});
