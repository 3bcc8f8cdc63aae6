import { expect, test } from "vitest";
import { untilThen } from "./countdown";

const NOW = Date.parse("2026-03-04T10:00:00Z");

test.each([
  ["2026-03-04T10:00:12Z", "in 12 s"],
  ["2026-03-04T10:00:00.200Z", "in 1 s"],
  ["2026-03-04T10:01:00Z", "in 1 min"],
  ["2026-03-04T10:01:30Z", "in 1 min 30 s"],
  ["2026-03-04T10:00:00Z", "any moment now"],
  ["2026-03-04T09:59:55Z", "any moment now"],
  ["2026-03-04T12:00:00Z", "soon"],
  ["2026-03-04T08:00:00Z", "soon"],
  ["never", "soon"],
  [null, "soon"],
])("next try %s: %s", (time, words) => {
  expect(untilThen(time, NOW)).toBe(words);
});
