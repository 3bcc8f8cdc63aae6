import { useEffect, useRef } from "react";
import type { Replay } from "../api/types";
import { useAnnounce } from "../page/announce";
import { differingSoFar, isOpen, outcomeOf } from "./replayWords";

/** Says when a replay is seen to run, when another scenario differs, and how it ends; not how far it is each second. */
export function useSpokenReplay(replay: Replay | undefined): void {
  const announce = useAnnounce();
  const before = useRef<Replay | undefined>(undefined);
  useEffect(() => {
    if (replay === undefined) return;
    for (const words of newsOf(before.current, replay)) announce(words);
    before.current = replay;
  }, [replay, announce]);
}

/** What is to be said of a replay that stood as `before` a moment ago, if it was looked at then. */
export function newsOf(before: Replay | undefined, now: Replay): string[] {
  if (before?.id !== now.id) return isOpen(now) ? ["The replay is under way."] : [];
  if (!isOpen(before)) return [];
  if (!isOpen(now)) return [`The replay has ended. ${outcomeOf(now)}`];
  return now.differing > before.differing ? [differingSoFar(now.differing)] : [];
}
