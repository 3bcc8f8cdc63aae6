import { VisuallyHidden } from "@mantine/core";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { Announcements } from "./announcements";

const Announce = createContext<(text: string) => void>(() => undefined);

/** Says something to people who listen to the page: politely, and several at once as one. */
export function useAnnounce(): (text: string) => void {
  return useContext(Announce);
}

/** The page's one live region. */
export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState("");
  const announcements = useMemo(() => new Announcements(setSaid), []);
  useEffect(() => () => announcements.stop(), [announcements]);
  const announce = useCallback((text: string) => announcements.add(text), [announcements]);
  return (
    <Announce value={announce}>
      {children}
      <VisuallyHidden role="status" aria-live="polite">
        {said}
      </VisuallyHidden>
    </Announce>
  );
}
