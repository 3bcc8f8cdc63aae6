import { expect, test } from "vitest";
import type { Action } from "../api/types";
import { anAction } from "../testing/samples";
import { outcomesInWords } from "./outcomes";
import { errorOf, toldOf } from "./reason";
import { describe as wordingOf } from "./wording";

const ID = "6f1c1e9a-52f3-4d0a-9f0e-0d3a4b1c2d3e";

function missing(action_type: Action["action_type"]): Action {
  const message = `None of the user's rows has the id "${ID}".`;
  const error = { kind: "not_found", message } as const;
  return anAction({ status: "rejected", action_type, result_summary: message, error });
}

test.each([
  ["accept_identity", "There is no such identity."],
  ["combine_identities", "There is no such identity."],
  ["update_user_note", "There is no such note."],
] as const)("what %s did not find is told without its id", (actionType, words) => {
  const action = missing(actionType);
  expect([toldOf(action), errorOf(action)]).toEqual([words, words]);
  expect(wordingOf(action, 0, 0).detail).toBe(words);
  expect(outcomesInWords([action])).toBe(`Refused: ${words}`);
  expect(outcomesInWords([action, action])).toBe(`2 refused: ${words} ${words}`);
});

test("everything else is told as the server tells it", () => {
  const error = { kind: "archived", message: "It is archived." } as const;
  expect(toldOf(anAction({ result_summary: "Created." }))).toBe("Created.");
  expect(toldOf(anAction({ status: "rejected", result_summary: "", error }))).toBe("It is archived.");
});
