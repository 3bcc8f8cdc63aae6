import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import type { Action } from "../api/types";
import { UserId } from "../api/userId";
import type { Change } from "./changes";
import type { LiveStatus } from "./connection";
import type { Drafts } from "./drafts";
import { Live } from "./live";
import { useStore } from "./store";

export type { Change } from "./changes";
export type { LiveStatus } from "./connection";

export const LiveContext = createContext<Live | null>(null);

/** Keeps all below it true, for as long as this user is signed in. */
export function LiveProvider({ userId, children }: { userId: string; children: ReactNode }) {
  const client = useQueryClient();
  const [live] = useState(() => new Live(client, userId));
  useEffect(() => live.start(), [live]);
  return (
    <UserId value={userId}>
      <LiveContext value={live}>{children}</LiveContext>
    </UserId>
  );
}

/** How the page stands to the event stream. */
export function useLiveStatus(): LiveStatus {
  return useStore(useLive().status);
}

/** What of the state has changed a moment ago. */
export function useRecentChanges(): readonly Change[] {
  return useStore(useLive().changes);
}

/** What the coach is writing, by the id of the message that it answers. */
export function useDrafts(): Drafts {
  return useStore(useLive().drafts);
}

/** Calls `listener` with the actions that come to an end while the page looks on, once for all of a moment. */
export function useOutcomes(listener: (ended: Action[]) => void): void {
  const live = useLive();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => live.onOutcomes((ended) => latest.current(ended)), [live]);
}

function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error("This must be inside a LiveProvider.");
  return live;
}
