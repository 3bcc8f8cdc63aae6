/** Longer than any pause between two attempts: more than this is a wrong clock. */
const LONGEST_PAUSE_S = 15 * 60;

/** How long it is from `now` (ms) until a time of the server's, in words that follow "next try". */
export function untilThen(time: string | null, now: number): string {
  if (time === null) return "soon";
  const seconds = Math.ceil((Date.parse(time) - now) / 1000);
  if (Number.isNaN(seconds) || Math.abs(seconds) > LONGEST_PAUSE_S) return "soon";
  if (seconds <= 0) return "any moment now";
  if (seconds < 60) return `in ${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  return rest === 0 ? `in ${minutes} min` : `in ${minutes} min ${rest} s`;
}
