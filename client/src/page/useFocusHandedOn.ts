import { type RefCallback, type RefObject, useCallback } from "react";

/** A ref for what may go while it has the focus, as a button does that is of use only once: `next` has it then. */
export function useFocusHandedOn(next: RefObject<HTMLElement | null>): RefCallback<HTMLElement> {
  return useCallback(
    (element: HTMLElement) => () => {
      if (element.contains(document.activeElement)) next.current?.focus({ preventScroll: true });
    },
    [next],
  );
}
