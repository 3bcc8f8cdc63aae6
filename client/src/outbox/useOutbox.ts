import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useMessages } from "../api/queries";
import type { Message } from "../api/types";
import { useLiveStatus } from "../live/LiveProvider";
import { useStore } from "../live/store";
import { isOfCoach } from "./failure";
import { isStored } from "./kept";
import { Outbox } from "./outbox";
import type { NotSent, Sent } from "./storage";
import { inWords } from "./words";

/** A message that was sent and is not answered yet. */
export interface UnderWay {
  content: string;
  /** It is among the messages already: nothing has to be shown in its place. */
  isStored: boolean;
  /** So is its answer, once the conversation is loaded. */
  isAnswered: boolean;
}

/** A message that was sent in vain, or put aside. One that is among the messages is there and not answered yet. */
export interface UnsentTurn {
  key: string;
  content: string;
  /** It was put aside, and never sent. */
  isNew: boolean;
  /** The server has it, and the coach could not answer. */
  hasArrived: boolean;
  /** Why it is not sent and what to do, in words. */
  reason: string | null;
}

export interface OutboxState {
  draft: string;
  setDraft: (text: string) => void;
  underWay: UnderWay | null;
  /** Why what came back into the box could not be sent, in words. */
  failure: string | null;
  /** What stands in the conversation until the user does something about it, oldest first. */
  unsent: readonly UnsentTurn[];
  send: () => void;
  /** Of one that stands in the conversation, by its key: send it, bring it into the box, forget it. */
  tryAgain: (key: string) => void;
  edit: (key: string) => void;
  discard: (key: string) => void;
}

/** What the user writes and sends. It goes on while another page of the client is shown. */
export function useOutbox(userId: string): OutboxState {
  const outbox = outboxOf(useQueryClient(), userId);
  const kept = useStore(outbox.state);
  const { messages } = useMessages();
  useEffect(() => outbox.resume(), [outbox]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the conversation changes
  useEffect(() => outbox.settle(), [outbox, messages]);
  useReturn(outbox.hurry);
  const { draft, underWay, inBox, aside } = kept;
  const shown = useMemo(() => underWay && shownOf(underWay, messages), [underWay, messages]);
  const failure = draft.trim() === "" ? null : reasonOf(inBox);
  const unsent = useMemo(() => aside.map(standing), [aside]);
  const { setDraft, send, tryAgain, edit, discard } = outbox;
  return useMemo(
    () => ({ draft, setDraft, underWay: shown, failure, unsent, send, tryAgain, edit, discard }),
    [draft, setDraft, shown, failure, unsent, send, tryAgain, edit, discard],
  );
}

function shownOf({ content, key, isAnswered }: Sent, messages: readonly Message[]): UnderWay {
  return { content, isStored: isStored(key, messages), isAnswered };
}

function standing(turn: NotSent): UnsentTurn {
  const { key, content, failure } = turn;
  const kind = failure?.kind ?? null;
  return { key, content, isNew: kind === "set_aside", hasArrived: isOfCoach(kind), reason: reasonOf(turn) };
}

function reasonOf(turn: NotSent | null): string | null {
  return turn?.failure ? inWords(turn.failure) : null;
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
