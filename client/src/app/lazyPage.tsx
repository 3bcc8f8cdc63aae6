import { type ComponentType, lazy } from "react";

const RELOADED_AT = "coach-reloaded-at";
const ONCE_IN_MS = 30_000;

/**
 * A page in a file of its own. Where the file is gone, because a newer version of the client was put in place, the page
 * is loaded anew, once: what was typed is in storage.
 */
export function lazyPage<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => {
    try {
      return { default: await load() };
    } catch (error) {
      if (!reloadOnce()) throw error;
      return await new Promise<never>(() => undefined);
    }
  });
}

/** False where it was tried a moment ago, or cannot be noted: a loop of loading is worse than an error page. */
function reloadOnce(): boolean {
  try {
    const last = Number(sessionStorage.getItem(RELOADED_AT));
    if (Date.now() - last < ONCE_IN_MS) return false;
    sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  } catch {
    return false;
  }
  window.location.reload();
  return true;
}
