const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** When it was: the clock alone for today. */
export function when(time: string, now: number): string {
  const then = new Date(time);
  return then.toDateString() === new Date(now).toDateString() ? CLOCK.format(then) : DAY.format(then);
}

/** When it was, to the second. */
export function exactly(time: string): string {
  return EXACT.format(new Date(time));
}
