import { expect, test } from "vitest";
import { isTooTangled } from "./tangle";

test.each([
  ["words", "Some *soft* and **strong** words, `code`, [a link](https://example.org).\n\n".repeat(250)],
  ["a long list", "- an item with *soft* and **strong** words\n".repeat(450)],
  ["quotes in quotes", "> > > He said that she said.\n".repeat(600)],
  ["a list in a list", Array.from({ length: 8 }, (_, depth) => `${"  ".repeat(depth)}- x`).join("\n")],
  ["code", `\`\`\`js\n${"const [a, b] = c[0] * d[1];\n".repeat(600)}\`\`\`\nDone.`],
])("%s are Markdown", (_what, text) => {
  expect(isTooTangled(text)).toBe(false);
});

test.each([
  ["quotes in quotes", ">".repeat(100)],
  ["lists in lists", "- ".repeat(100)],
  ["lists, ever further in", Array.from({ length: 100 }, (_, depth) => `${" ".repeat(depth)}- x`).join("\n")],
  ["emphasis", "*a **b ".repeat(300)],
  ["emphasis over quoted lines", "> *a **b _c\n".repeat(300)],
  ["brackets", "[".repeat(600)],
  ["emphasis after what is no fence", `\`\`\`a\`b\n${"*a ".repeat(600)}`],
  ["emphasis after a fence in HTML", `<!--\n\`\`\`\n-->\n${"*a ".repeat(600)}`],
  ["emphasis after code", `\`\`\`\ncode\n\`\`\`\n${"*a ".repeat(600)}`],
])("too many %s are not", (_what, text) => {
  expect(isTooTangled(text)).toBe(true);
});
