import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import type { Conversation } from "../api/queries";

/** How long the message that a link led to is marked. */
const MARKED_MS = 5_000;

export interface LinkedMessage {
  state: "none" | "looking" | "here" | "stuck" | "gone";
  highlighted: string | null;
  dismiss: () => void;
}

/** Leads to the message that the address names (`?message=<id>`), back through the pages where it must. */
export function useLinkedMessage(conversation: Conversation, toItem: (key: string) => void): LinkedMessage {
  const { messages, hasOlder, loadOlder, isLoading, isLoadingOlder, error } = conversation;
  const [params, setParams] = useSearchParams();
  const asked = params.get("message");
  const [found, setFound] = useState<string | null>(null);
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const isSought = asked !== null && asked !== found;
  const isHere = isSought && messages.some((message) => message.id === asked);
  const mayBeOlder = hasOlder && !isLoadingOlder && !isLoading && !error;

  useEffect(() => {
    if (!isSought) return;
    if (isHere) {
      toItem(asked);
      setFound(asked);
      setHighlighted(asked);
    } else if (mayBeOlder) loadOlder();
  }, [asked, isSought, isHere, mayBeOlder, loadOlder, toItem]);

  useEffect(() => {
    if (highlighted === null) return;
    const timer = setTimeout(() => setHighlighted(null), MARKED_MS);
    return () => clearTimeout(timer);
  }, [highlighted]);

  const dismiss = () => setParams({}, { replace: true });
  return { state: stateOf(), highlighted, dismiss };

  function stateOf(): LinkedMessage["state"] {
    if (asked === null) return "none";
    if (!isSought || isHere) return "here";
    if (error) return "stuck";
    return isLoading || hasOlder ? "looking" : "gone";
  }
}
