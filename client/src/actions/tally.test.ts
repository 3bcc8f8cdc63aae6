import { expect, test } from "vitest";
import { ActionStatus } from "../enums/actionStatus";
import { anAction } from "../testing/samples";
import { tallyInWords } from "./tally";

test("every status is in the count", () => {
  const actions = Object.values(ActionStatus).map((status) => anAction({ status }));
  expect(tallyInWords(actions)).toBe(
    "9 actions: 1 done, 1 with nothing to do, 1 refused, 1 given up, 1 cancelled, 4 to come.",
  );
});

test("what is not there is not told", () => {
  expect(tallyInWords([anAction(), anAction()])).toBe("2 actions: 2 done.");
});
