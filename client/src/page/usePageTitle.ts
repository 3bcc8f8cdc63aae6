import { useEffect } from "react";

/** Names the page in the browser's tab and history. */
export function usePageTitle(name: string): void {
  useEffect(() => {
    document.title = `${name} · Coach`;
  }, [name]);
}
