import { expect, test } from "vitest";
import type { Action } from "../api/types";
import { ActionStatus } from "../enums/actionStatus";
import { anAction } from "../testing/samples";
import { describe as wordsFor } from "./wording";

const NOW = Date.parse("2026-03-04T10:00:00Z");

type Case = [parts: Partial<Action>, ahead: number | null, label: string, detail: string];

const TABLE: readonly Case[] = [
  [{ status: "queued", result_summary: "" }, 0, "Waiting, next in line", ""],
  [{ status: "queued", result_summary: "" }, null, "Waiting", ""],
  [{ status: "queued", result_summary: "" }, 1, "Waiting, behind 1 other", ""],
  [{ status: "queued", result_summary: "" }, 3, "Waiting, behind 3 others", ""],
  [
    { status: "queued", result_summary: "Queued again by Sam." },
    2,
    "Waiting, behind 2 others",
    "Queued again by Sam.",
  ],
  [{ status: "running", attempt: 1 }, 0, "Running", ""],
  [{ status: "running", attempt: 2, max_attempts: 4 }, 0, "Running", "Attempt 2."],
  [
    { status: "retrying", attempt: 2, max_attempts: 4, due_at: "2026-03-04T10:00:12Z" },
    0,
    "Trying again",
    "Attempt 2 did not work, next try in 12 s.",
  ],
  [
    { status: "retrying", attempt: 1, max_attempts: 5, due_at: null },
    0,
    "Trying again",
    "Attempt 1 did not work, next try soon.",
  ],
  [
    { status: "parked", result_summary: "Waiting for a worker." },
    0,
    "Waiting for an update of the system",
    "",
  ],
  [{ status: "succeeded", result_summary: "Created “Cook”." }, 0, "Done", "Created “Cook”."],
  [{ status: "skipped", result_summary: "“Cook” exists." }, 0, "Nothing to do", "“Cook” exists."],
  [{ status: "rejected", result_summary: "No identity “x”." }, 0, "Refused", "No identity “x”."],
  [
    { status: "rejected", result_summary: "", error: { kind: "archived", message: "It is gone." } },
    0,
    "Refused",
    "It is gone.",
  ],
  [
    {
      status: "dead",
      attempt: 5,
      result_summary: "Gave up after 5 attempts. The worker was lost during the attempt.",
      error: { kind: "worker_lost", message: "The worker was lost during the attempt." },
    },
    0,
    "Gave up after 5 attempts",
    "The worker was lost during the attempt.",
  ],
  [{ status: "dead", attempt: 1, error: null }, 0, "Gave up after 1 attempt", ""],
  [{ status: "cancelled", result_summary: "The chat was reset." }, 0, "Cancelled", "The chat was reset."],
  [{ status: "cancelled", result_summary: "Cancelled by Sam." }, 0, "Cancelled", "by Sam."],
];

test.each(TABLE)("%j behind %i reads %j, %j", (parts, ahead, label, detail) => {
  const words = wordsFor(anAction(parts), ahead, NOW);
  expect({ label: words.label, detail: words.detail }).toEqual({ label, detail });
});

test("every status has its words and its own sign", () => {
  const statuses = Object.values(ActionStatus);
  expect(new Set(TABLE.map(([parts]) => parts.status))).toEqual(new Set(statuses));
  const signs = new Set(statuses.map((status) => wordsFor(anAction({ status }), 0, NOW).icon));
  expect(signs.size).toBe(statuses.length);
});

test("a status of a newer server is shown as it is", () => {
  const action = { ...anAction(), status: "dreaming" } as unknown as Action;
  expect(wordsFor(action, 0, NOW).label).toBe("dreaming");
});
