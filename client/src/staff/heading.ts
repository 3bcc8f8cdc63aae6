import { createContext, type RefObject, useContext } from "react";

export const Heading = createContext<RefObject<HTMLElement | null>>({ current: null });

/** The heading of the page: has the focus when what had it is gone. */
export function useHeading(): RefObject<HTMLElement | null> {
  return useContext(Heading);
}
