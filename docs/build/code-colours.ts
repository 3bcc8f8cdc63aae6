import type { PrismTheme } from "prism-react-renderer";

/** The pages' own colours for code: each has a contrast of at least 4.5 to 1 on its background. */
export const light = theme("#f7efe5", "#33261d", {
  comment: "#6f5c4d",
  string: "#7a4708",
  keyword: "#8a2b52",
  number: "#1f5a7a",
  name: "#7a371d",
});
export const dark = theme("#28201a", "#f3e9dd", {
  comment: "#bfae9e",
  string: "#e8c07d",
  keyword: "#f2a7c3",
  number: "#9ccfe8",
  name: "#f0a27b",
});

type Words = Record<"comment" | "string" | "keyword" | "number" | "name", string>;

function theme(backgroundColor: string, color: string, words: Words): PrismTheme {
  return {
    plain: { backgroundColor, color },
    styles: [
      { types: ["comment", "prolog"], style: { color: words.comment } },
      { types: ["string", "char", "attr-value", "url"], style: { color: words.string } },
      { types: ["keyword", "builtin", "operator", "boolean", "decorator"], style: { color: words.keyword } },
      { types: ["number", "constant", "variable", "environment"], style: { color: words.number } },
      { types: ["function", "property", "class-name", "key", "tag", "attr-name", "parameter"], style: { color: words.name } },
    ],
  };
}
