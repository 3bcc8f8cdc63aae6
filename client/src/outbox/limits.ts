/** What the server takes at most, in characters. */
export const MESSAGE_LIMIT = 20_000;

/** From here on it is told how many are left. */
const TELL_FROM = 18_000;

/** As the server counts: an emoji is one or a few, never two for its place in the code. */
function countCharacters(text: string): number {
  return text.length < TELL_FROM ? text.length : [...text].length;
}

export function isTooLong(text: string): boolean {
  return countCharacters(text) > MESSAGE_LIMIT;
}

/** What a writer should know about a text's length; empty while there is plenty of room. */
export function roomInWords(text: string): string {
  const left = MESSAGE_LIMIT - countCharacters(text);
  if (left > MESSAGE_LIMIT - TELL_FROM) return "";
  if (left >= 0) return `${characters(left)} left.`;
  return `${characters(-left)} too many: a message has at most ${MESSAGE_LIMIT.toLocaleString("en")}.`;
}

function characters(count: number): string {
  return count === 1 ? "1 character" : `${count.toLocaleString("en")} characters`;
}
