import { useEffect, useRef } from "react";

/** Takes the focus into the page that stands in the place of another account's, unless that has taken it already. */
export function useFocusOnChangeOf(userId: string | null | undefined): void {
  const shown = useRef(userId);
  useEffect(() => {
    const before = shown.current;
    shown.current = userId;
    if (before === undefined || before === userId) return;
    if (document.activeElement === document.body) document.getElementById("main")?.focus();
  }, [userId]);
}
