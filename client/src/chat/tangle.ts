/** A person writes no deeper than this, */
const DEEPEST = 24;
/** and puts no more signs than this into one paragraph. */
const MOST_SIGNS = 500;

const MARKERS = /^(?:[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))+/;
const MARKER = />|[-+*]|\d+[.)]/g;
const SIGNS = /\*+|_+|~+|[[\]<]/g;
const BEGINS_A_BLOCK = /^[ \t]*(?:$|[-+*][ \t]|1[.)][ \t])/;
const INDENT_OF_A_LEVEL = 2;
const FENCE = /^(`{3,})[^`]*$/;
const HTML = /^ {0,3}</m;

/**
 * Whether signs stand in each other in such a number that reading them as Markdown would hold up the page: parsers need
 * time in the square of the signs of a paragraph, and stack for every quote and list within another.
 */
export function isTooTangled(text: string): boolean {
  const mayBeFenced = !HTML.test(text);
  let fence = "";
  let signs = 0;
  for (const line of text.split("\n")) {
    const marks = mayBeFenced ? FENCE.exec(line)?.[1] : undefined;
    if (fence !== "") {
      if (marks !== undefined && marks.length >= fence.length && line.trim() === marks) fence = "";
      continue;
    }
    fence = marks ?? "";
    signs = BEGINS_A_BLOCK.test(line) || fence !== "" ? 0 : signs;
    signs += line.match(SIGNS)?.length ?? 0;
    if (signs > MOST_SIGNS || depthOf(line) > DEEPEST) return true;
  }
  return false;
}

function depthOf(line: string): number {
  const markers = MARKERS.exec(line)?.[0] ?? "";
  if (markers === "") return 0;
  const indent = line.length - line.trimStart().length;
  return (markers.match(MARKER)?.length ?? 0) + indent / INDENT_OF_A_LEVEL;
}
