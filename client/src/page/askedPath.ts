import { useLocation, useSearchParams } from "react-router";

const ACCOUNT_PAGES = ["/sign-in", "/sign-up"];

/** The page that was asked for, as `?next=` names it: a path of this origin, else the chat. */
export function useAskedPath(): string {
  const [search] = useSearchParams();
  return ownPath(search.get("next"));
}

/** The search part that lets a page of the account bring the user back here afterwards. */
export function useWayBack(): string {
  const { pathname, search } = useLocation();
  const asked = useAskedPath();
  const here = ACCOUNT_PAGES.includes(pathname) ? asked : pathname + search;
  return here === "/" ? "" : `?${new URLSearchParams({ next: here })}`;
}

/** `next` where it is a path of this origin, else `/`: a link elsewhere must not lead away after signing in. */
export function ownPath(next: string | null): string {
  const url = next?.startsWith("/") ? readUrl(next) : null;
  // "/.//elsewhere" is of this origin, but what is left of it would not be.
  if (url?.origin !== window.location.origin || url.pathname.startsWith("//")) return "/";
  if (ACCOUNT_PAGES.includes(url.pathname)) return "/";
  return url.pathname + url.search + url.hash;
}

function readUrl(path: string): URL | null {
  return URL.canParse(path, window.location.origin) ? new URL(path, window.location.origin) : null;
}
