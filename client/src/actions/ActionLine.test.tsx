import { act, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Action } from "../api/types";
import { ActionStatus } from "../enums/actionStatus";
import { anAction } from "../testing/samples";
import { show } from "../testing/show";
import { ActionLine } from "./ActionLine";

afterEach(() => {
  vi.useRealTimers();
});

const SHOWN: readonly [Partial<Action>, string][] = [
  [{ status: "queued", result_summary: "" }, "Waiting, behind 3 othersCreate an identity"],
  [{ status: "running" }, "RunningCreate an identity"],
  [
    { status: "retrying", attempt: 2, max_attempts: 4, due_at: null },
    "Trying againCreate an identityAttempt 2 did not work, next try soon.",
  ],
  [{ status: "parked" }, "Waiting for an update of the systemCreate an identity"],
  [{ status: "succeeded", result_summary: "Created “Cook”." }, "DoneCreated “Cook”."],
  [{ status: "skipped", result_summary: "It exists." }, "Nothing to doCreate an identityIt exists."],
  [{ status: "rejected", result_summary: "It is gone." }, "RefusedCreate an identityIt is gone."],
  [
    { status: "dead", attempt: 5, error: { kind: "exception", message: "It broke." } },
    "Gave up after 5 attemptsCreate an identityIt broke.",
  ],
  [
    { status: "cancelled", result_summary: "The chat was reset." },
    "CancelledCreate an identityThe chat was reset.",
  ],
];

test("what a sentence quotes keeps its direction to itself", () => {
  const result_summary = 'Nested the identity "שומר" in "Cook".';
  const { container } = show(
    <ActionLine action={anAction({ status: "succeeded", result_summary })} ahead={0} />,
  );
  expect([...container.querySelectorAll("bdi")].map(({ textContent }) => textContent)).toEqual([
    '"שומר"',
    '"Cook"',
  ]);
  expect(screen.getByText(/^Nested the identity/).textContent).toBe(result_summary);
});

test.each(SHOWN)("an action is told by words, and its sign is only beside them: %j", (parts, words) => {
  const { container } = show(<ActionLine action={anAction(parts)} ahead={3} />);
  const line = container.querySelector("[data-action-id]");
  expect(line?.textContent).toBe(words);
  expect(line?.querySelector("svg")?.getAttribute("aria-hidden")).toBe("true");
});

test("no status is left out above", () => {
  expect(SHOWN.map(([parts]) => parts.status)).toEqual(Object.values(ActionStatus));
});

test("what its sentence names is not named twice", () => {
  const reason = '"Create an identity" is not allowed in the phase Introduction.';
  const { container } = show(
    <ActionLine action={anAction({ status: "rejected", result_summary: reason })} ahead={0} />,
  );
  expect(container.querySelector("[data-action-id]")?.textContent).toBe(`Refused${reason}`);
});

test("the time until the next try runs down, and no live region says it every second", () => {
  vi.useFakeTimers({ now: Date.parse("2026-03-04T10:00:00Z") });
  const action = anAction({
    status: "retrying",
    attempt: 2,
    max_attempts: 4,
    due_at: "2026-03-04T10:00:03Z",
  });
  const { container } = show(<ActionLine action={action} ahead={0} />);
  expect(screen.getByText(/next try in 3 s/)).toBeTruthy();
  act(() => vi.advanceTimersByTime(2000));
  expect(screen.getByText(/next try in 1 s/)).toBeTruthy();
  act(() => vi.advanceTimersByTime(1000));
  expect(screen.getByText(/next try any moment now/)).toBeTruthy();
  expect(container.querySelector("[aria-live],[role=status],[role=alert]")).toBeNull();
});

test("only what is to be tried again keeps a clock", () => {
  vi.useFakeTimers();
  show(<ActionLine action={anAction({ status: "running" })} ahead={0} />);
  expect(vi.getTimerCount()).toBe(0);
});
