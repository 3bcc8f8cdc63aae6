import { expect, test } from "vitest";
import { dayOf } from "./days";

const NOW = new Date(2026, 2, 1, 9, 0);

test.each([
  [new Date(2026, 2, 1, 0, 0), "Today"],
  [new Date(2026, 1, 28, 23, 59), "Yesterday"],
  [new Date(2026, 1, 27, 12, 0), "Friday, February 27"],
  [new Date(2025, 11, 31, 12, 0), "December 31, 2025"],
])("%s is %s", (moment, name) => {
  expect(dayOf(moment, NOW)).toBe(name);
});
