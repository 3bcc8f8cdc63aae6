import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Action } from "../api/types";
import { anAction } from "../testing/samples";
import { show } from "../testing/show";
import { ActionList } from "./ActionList";

const NONE_AHEAD = new Map<string, number>();

function many(status: Action["status"]): Action[] {
  return Array.from({ length: 24 }, (_, position) =>
    anAction({ position, status, result_summary: `Did thing ${position + 1}.` }),
  );
}

const lines = () => within(screen.getByRole("list")).queryAllByRole("listitem");

test("the actions are a list, in order", () => {
  const actions = [anAction({ result_summary: "First." }), anAction({ result_summary: "Second." })];
  show(<ActionList actions={actions} ahead={NONE_AHEAD} />);
  expect(screen.getByRole("list", { name: "2 actions" })).toBeTruthy();
  expect(lines().map((line) => line.textContent)).toEqual(["DoneFirst.", "DoneSecond."]);
});

test("each waiting one says how many are before it", () => {
  const actions = [anAction({ status: "queued" }), anAction({ status: "queued" })];
  const ahead = new Map(actions.map((action, index) => [action.id, index]));
  show(<ActionList actions={actions} ahead={ahead} />);
  expect(screen.getByText("Waiting, next in line")).toBeTruthy();
  expect(screen.getByText("Waiting, behind 1 other")).toBeTruthy();
});

test("many that ended are one sentence and what went wrong, until all are asked for", async () => {
  const actions = [
    ...many("succeeded").slice(1),
    anAction({ status: "rejected", result_summary: "It is gone." }),
  ];
  show(<ActionList actions={actions} ahead={NONE_AHEAD} />);
  expect(screen.getByText("24 actions: 23 done, 1 refused.")).toBeTruthy();
  expect(lines().map((line) => line.textContent)).toEqual(["RefusedCreate an identityIt is gone."]);
  const button = screen.getByRole("button", { name: "Show all" });
  expect(button.getAttribute("aria-expanded")).toBe("false");
  await userEvent.click(button);
  expect(lines()).toHaveLength(24);
  expect(screen.getByRole("button", { name: "Show fewer" }).getAttribute("aria-expanded")).toBe("true");
});

test("a long list that lives is open, and does not fold under the reader when it is done", () => {
  const { rerender } = show(<ActionList actions={many("queued")} ahead={NONE_AHEAD} />);
  expect(lines()).toHaveLength(24);
  rerender(<ActionList actions={many("succeeded")} ahead={NONE_AHEAD} />);
  expect(lines()).toHaveLength(24);
});
