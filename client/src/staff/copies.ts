export const MOST_COPIES = 1000;
/** How many scenarios one replay takes. */
export const MOST_AT_ONCE = 500;

/** How many copies are written there, or null where that is no number that can be. */
export function readCopies(written: string): number | null {
  const text = written.trim();
  if (!/^\d+$/.test(text)) return null;
  const copies = Number(text);
  return copies >= 1 && copies <= MOST_COPIES ? copies : null;
}
