import { expect, test } from "vitest";
import type { UnderWay } from "../outbox/useOutbox";
import { aMessage } from "../testing/samples";
import { pendingTurn } from "./pendingTurn";

const UNDER_WAY: UnderWay = { content: "Hello", key: "k", since: 0, isStored: false };
const STORED: UnderWay = { ...UNDER_WAY, isStored: true };
const MINE = aMessage({ role: "user", content: "Hello" });

test.each([
  ["nothing is under way", [MINE], null, { content: null, isCoachWriting: false }],
  ["the server has it not", [aMessage()], UNDER_WAY, { content: "Hello", isCoachWriting: true }],
  ["the coach thinks", [aMessage(), MINE], STORED, { content: null, isCoachWriting: true }],
  [
    "the answer came first by the stream",
    [MINE, aMessage()],
    STORED,
    { content: null, isCoachWriting: false },
  ],
])("%s", (_when, messages, underWay, pending) => {
  expect(pendingTurn(messages, underWay)).toEqual(pending);
});
