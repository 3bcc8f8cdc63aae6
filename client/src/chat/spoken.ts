/** Longer than this is not read out: the reader goes to the message. */
const LONGEST = 400;

/** A Markdown text for the ear: without its signs, cut where a listener would lose patience. */
export function spoken(markdown: string): string {
  const words = markdown
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, "$1")
    .replace(/^[ \t]*(?:#{1,6}|>|[-+*]|\d{1,9}[.)])[ \t]+/gm, "")
    .replace(/[*_`~]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return words.length <= LONGEST ? words : `${words.slice(0, LONGEST).trimEnd()}… The message goes on.`;
}
