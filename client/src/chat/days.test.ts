import { expect, test } from "vitest";
import { dayOf } from "./days";

// In the browser's own way, as every other moment on the pages.
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const DAY_AND_YEAR = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });

const NOW = new Date(2026, 2, 1, 9, 0);

test.each([
  [new Date(2026, 2, 1, 0, 0), "Today"],
  [new Date(2026, 1, 28, 23, 59), "Yesterday"],
  [new Date(2026, 1, 27, 12, 0), DAY.format(new Date(2026, 1, 27))],
  [new Date(2025, 11, 31, 12, 0), DAY_AND_YEAR.format(new Date(2025, 11, 31))],
])("%s is %s", (moment, name) => {
  expect(dayOf(moment, NOW)).toBe(name);
});
