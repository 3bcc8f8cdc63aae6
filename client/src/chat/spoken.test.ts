import { expect, test } from "vitest";
import { spoken } from "./spoken";

test.each([
  ["# Title\n\nSome **strong** `words`.", "Title Some strong words."],
  ["- one\n- two\n1. three", "one two three"],
  ["> said\n\n~~gone~~ [the site](https://example.org)", "said gone the site"],
  ["2 - 1 = 1", "2 - 1 = 1"],
])("%j is said as %j", (text, words) => {
  expect(spoken(text)).toBe(words);
});

test("a long one is cut", () => {
  expect(spoken("word ".repeat(200))).toMatch(/^(?:word ){79}word… The message goes on\.$/);
});
