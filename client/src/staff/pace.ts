/** How far a replay was at a moment (ms). */
export interface Sample {
  done: number;
  at: number;
}

const WINDOW_MS = 20_000;
const ENOUGH_MS = 2_500;

/** The samples with another one; those that are too old to tell how fast it is now are dropped. */
export function withSample(samples: readonly Sample[], next: Sample): Sample[] {
  const last = samples.at(-1);
  if (last && next.done < last.done) return [next];
  return [...samples.filter(({ at }) => next.at - at <= WINDOW_MS), next];
}

/** Copies a second, or null while that cannot be told. */
export function rateOf(samples: readonly Sample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.at - first.at < ENOUGH_MS || last.done <= first.done) return null;
  return ((last.done - first.done) * 1000) / (last.at - first.at);
}

/** How long the rest takes at this rate (ms), not more exact than it is known. */
export function restOf(remaining: number, rate: number): number {
  const seconds = remaining / rate;
  return (seconds < 20 ? Math.ceil(seconds) : Math.ceil(seconds / 5) * 5) * 1000;
}

/** "about 12 copies a second", "about 20 copies a minute". */
export function rateInWords(rate: number): string {
  if (rate >= 1.5) return `about ${Math.round(rate)} copies a second`;
  const aMinute = Math.max(1, Math.round(rate * 60));
  return `about ${aMinute} ${aMinute === 1 ? "copy" : "copies"} a minute`;
}
