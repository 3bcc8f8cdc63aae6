import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useMessages } from "../api/queries";
import type { Message } from "../api/types";
import { MessageRole } from "../enums/messageRole";
import { useLiveStatus } from "../live/LiveProvider";
import { useStore } from "../live/store";
import { Outbox } from "./outbox";
import type { Turn } from "./storage";

/** A message that was sent and is not answered yet. */
export interface UnderWay {
  content: string;
  key: string;
  /** When it was first sent (ms). */
  since: number;
  /** It is among the messages already: nothing has to be shown in its place. */
  isStored: boolean;
}

export interface OutboxState {
  draft: string;
  setDraft: (text: string) => void;
  underWay: UnderWay | null;
  /** Why the last message could not be sent, in words; the message is back in the draft. */
  failure: string | null;
  send: () => void;
  tryAgain: () => void;
  /** Forget what failed, and the draft. */
  discard: () => void;
}

/** What the user writes and sends. It goes on while another page of the client is shown. */
export function useOutbox(userId: string): OutboxState {
  const outbox = outboxOf(useQueryClient(), userId);
  const { draft, underWay, failure } = useStore(outbox.state);
  const { messages } = useMessages();
  useEffect(() => outbox.resume(), [outbox]);
  useReturn(outbox.hurry);
  const shown = useMemo(
    () => underWay && { ...underWay, isStored: isStored(underWay, messages) },
    [underWay, messages],
  );
  const { setDraft, send, discard } = outbox;
  return useMemo(
    () => ({ draft, setDraft, underWay: shown, failure, send, tryAgain: send, discard }),
    [draft, setDraft, shown, failure, send, discard],
  );
}

const outboxes = new WeakMap<QueryClient, Map<string, Outbox>>();

function outboxOf(client: QueryClient, userId: string): Outbox {
  const all = outboxes.get(client) ?? new Map<string, Outbox>();
  outboxes.set(client, all);
  const outbox = all.get(userId) ?? new Outbox(client, userId);
  all.set(userId, outbox);
  return outbox;
}

/** Calls `onReturn` whenever the stream is back after it was closed or lost. */
function useReturn(onReturn: () => void): void {
  const status = useLiveStatus();
  const wasLive = useRef(false);
  useEffect(() => {
    if (status !== "live") return;
    if (wasLive.current) onReturn();
    wasLive.current = true;
  }, [status, onReturn]);
}

/** Whether the user's message has come into the conversation (oldest first) since it was sent. */
function isStored({ content, after }: Turn, messages: readonly Message[]): boolean {
  const start = messages.findLastIndex(({ id }) => id === after) + 1;
  return messages
    .slice(start)
    .some((message) => message.role === MessageRole.USER && message.content === content);
}
