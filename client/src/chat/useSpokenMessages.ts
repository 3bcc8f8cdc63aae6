import { useEffect, useRef } from "react";
import type { Conversation } from "../api/queries";
import { MessageRole } from "../enums/messageRole";
import { useAnnounce } from "../page/announce";
import { newerThan } from "./newer";
import { spoken } from "./spoken";

/** Says what the coach says while the page is open. */
export function useSpokenMessages({
  messages,
  isLoading,
}: Pick<Conversation, "messages" | "isLoading">): void {
  const announce = useAnnounce();
  /** The last message that was there or said: null in an empty chat, undefined before the first look. */
  const known = useRef<string | null>(undefined);
  useEffect(() => {
    if (isLoading) return;
    const fresh = known.current === undefined ? [] : newerThan(messages, known.current);
    for (const { role, content } of fresh) {
      if (role === MessageRole.COACH) announce(`The coach: ${spoken(content)}`);
    }
    known.current = messages.at(-1)?.id ?? null;
  }, [messages, isLoading, announce]);
}
