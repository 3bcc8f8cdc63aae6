import { useCallback, useEffect, useRef } from "react";
import { outcomesInWords } from "../actions/outcomes";
import type { Action } from "../api/types";
import { useOutcomes } from "../live/LiveProvider";
import { useAnnounce } from "../page/announce";

/** Outcomes that follow each other closer than this are said as one, */
const QUIET_MS = 700;
/** but after this long at the latest. */
const LONGEST_MS = 3_000;

/** Says what has become of actions as it happens, without a sentence for each of many. */
export function useSpokenOutcomes(): void {
  const announce = useAnnounce();
  const gathered = useRef<Action[]>([]);
  const since = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const say = useCallback(() => {
    announce(outcomesInWords(gathered.current));
    gathered.current = [];
  }, [announce]);
  const gather = useCallback(
    (ended: Action[]) => {
      if (gathered.current.length === 0) since.current = Date.now();
      gathered.current.push(...ended);
      clearTimeout(timer.current);
      const left = since.current + LONGEST_MS - Date.now();
      timer.current = setTimeout(say, Math.min(QUIET_MS, left));
    },
    [say],
  );
  useOutcomes(gather);
  useEffect(() => () => clearTimeout(timer.current), []);
}
