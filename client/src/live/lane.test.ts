import { expect, test } from "vitest";
import { MESSAGES } from "../testing/fixtures";
import { aheadOf, isOpen } from "./lane";

const ACTIONS = MESSAGES.flatMap(({ actions }) => actions);

test("each open action has those before it ahead of it, across messages; what has ended holds nobody up", () => {
  const ahead = aheadOf(MESSAGES, true);
  const open = ACTIONS.filter(isOpen);
  expect(open.map(({ status }) => status)).toEqual(["retrying", "queued", "queued"]);
  expect(open.map(({ id }) => ahead.get(id))).toEqual([0, 1, 2]);
  expect(ahead.size).toBe(3);
});

test("a running and a parked action hold the lane too", () => {
  const [message] = MESSAGES.filter(({ actions }) => actions.length === 5);
  if (!message) throw new Error("no such message");
  const statuses = ["parked", "succeeded", "running", "dead", "queued"] as const;
  const actions = message.actions.map((action, index) => ({
    ...action,
    status: statuses[index] ?? action.status,
  }));
  expect([...aheadOf([{ ...message, actions }], true).values()]).toEqual([0, 1, 2]);
});

test("an empty chat has an empty lane", () => {
  expect(aheadOf([], true).size).toBe(0);
});

test("where older messages may hold the lane, too, nobody knows how many are ahead", () => {
  const open = MESSAGES.filter(({ actions }) => actions.some(isOpen));
  const [first, ...rest] = open.flatMap(({ actions }) => actions).filter(isOpen);
  const [message] = open;
  if (!first || !message) throw new Error("the fixtures have no open action");
  const all = [{ ...message, actions: [first, ...rest] }];
  expect(aheadOf(all, false).size).toBe(0);
  expect(aheadOf([{ ...message, actions: [{ ...first, status: "succeeded" }, ...rest] }], false).size).toBe(
    rest.length,
  );
});
