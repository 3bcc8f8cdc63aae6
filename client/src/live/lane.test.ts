import { expect, test } from "vitest";
import { MESSAGES } from "../testing/fixtures";
import { aheadOf, isOpen } from "./lane";

const ACTIONS = MESSAGES.flatMap(({ actions }) => actions);

test("each open action has those before it ahead of it, across messages; what has ended holds nobody up", () => {
  const ahead = aheadOf(MESSAGES);
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
  expect([...aheadOf([{ ...message, actions }]).values()]).toEqual([0, 1, 2]);
});

test("an empty chat has an empty lane", () => {
  expect(aheadOf([]).size).toBe(0);
});
