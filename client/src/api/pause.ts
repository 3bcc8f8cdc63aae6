import { Problem } from "./http";

/** Waits so long, for ever where that is infinite, or until the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = Number.isFinite(ms) ? setTimeout(resolve, ms) : undefined;
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
  });
}

/** How long the server asked to be left alone. */
export function askedPauseMs(error: unknown): number {
  return error instanceof Problem ? (error.retryAfterS ?? 0) * 1_000 : 0;
}
