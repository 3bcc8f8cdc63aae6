import { useEffect, useState } from "react";
import type { Message } from "../api/types";
import { newerThan } from "./newer";

/** How many messages came since the reader was last at the end. */
export function useUnseen(messages: readonly Message[], isAtBottom: boolean): number {
  const [seen, setSeen] = useState<string | null>(null);
  const last = messages.at(-1)?.id ?? null;
  useEffect(() => {
    if (isAtBottom) setSeen(last);
  }, [isAtBottom, last]);
  return isAtBottom || seen === null ? 0 : newerThan(messages, seen).length;
}
