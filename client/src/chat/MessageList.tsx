import { useState } from "react";
import type { Message } from "../api/types";
import { MessageRole } from "../enums/messageRole";
import type { Drafts } from "../live/drafts";
import { useDrafts } from "../live/LiveProvider";
import { aheadOf, isOpen } from "../live/lane";
import type { OutboxState } from "../outbox/useOutbox";
import { DraftView } from "./DraftView";
import { dayOf, isSameDay } from "./days";
import { MessageBubble } from "./MessageBubble";
import classes from "./MessageList.module.css";
import { PendingTurnView } from "./PendingTurnView";
import { UnansweredNote } from "./UnansweredNote";
import { UnsentTurnView } from "./UnsentTurnView";

interface Props {
  messages: readonly Message[];
  /** Whether there are no older ones. */
  isWhole: boolean;
  /** What of the user's writing stands among them or after them. */
  outbox: OutboxState;
  highlighted: string | null;
}

/** The conversation, oldest first. */
export function MessageList({ messages, isWhole, outbox, highlighted }: Props) {
  const ahead = aheadOf(messages, isWhole);
  const now = new Date();
  const { underWay, unsent } = outbox;
  const draft = textOf(useDrafts(), messages);
  const left = useLeftUnanswered(messages, underWay === null && draft === null);
  const stored = new Set(messages.map(({ idempotency_key }) => idempotency_key));
  return (
    <ol className={classes.list} aria-label="Messages">
      {messages.map((message, index) => {
        const before = messages[index - 1];
        const moment = new Date(message.created_at);
        const isNewDay = before === undefined || !isSameDay(new Date(before.created_at), moment);
        return (
          <li
            key={message.id}
            id={`message-${message.id}`}
            data-place={message.id}
            data-highlighted={message.id === highlighted || undefined}
            className={classes.item}
            tabIndex={-1}
          >
            {isNewDay && <p className={classes.day}>{dayOf(moment, now)}</p>}
            <MessageBubble message={message} ahead={message.actions.some(isOpen) ? ahead : NONE} />
            {(message.id === left || unsent.some(({ key }) => key === message.idempotency_key)) && (
              <UnansweredNote
                message={message}
                turn={unsent.find(({ key }) => key === message.idempotency_key) ?? null}
                outbox={outbox}
              />
            )}
          </li>
        );
      })}
      {unsent
        .filter(({ key }) => !stored.has(key))
        .map((turn) => (
          <UnsentTurnView key={turn.key} turn={turn} outbox={outbox} />
        ))}
      {underWay !== null && <PendingTurnView turn={underWay} draft={draft} />}
      {underWay === null && draft !== null && <DraftView text={draft} />}
    </ol>
  );
}

/** What is being written to answer one of the messages, unless the answer is among them. */
function textOf(drafts: Drafts, messages: readonly Message[]): string | null {
  if (drafts.size === 0) return null;
  const answered = new Set(
    messages.flatMap(({ role, idempotency_key }) => (role === MessageRole.COACH ? [idempotency_key] : [])),
  );
  const open = messages.findLast(
    ({ id, idempotency_key }) =>
      drafts.get(id) && (idempotency_key === null || !answered.has(idempotency_key)),
  );
  return (open && drafts.get(open.id)) ?? null;
}

/** The last message, where it had no answer when the page had it: whatever comes later, this page has seen begin. */
function useLeftUnanswered(messages: readonly Message[], isQuiet: boolean): string | null {
  const last = messages.at(-1);
  const [first, setFirst] = useState(last?.id);
  if (first === undefined && last !== undefined) setFirst(last.id);
  const isLeft = last?.id === first && last?.role === MessageRole.USER && last.idempotency_key !== null;
  return isLeft && isQuiet ? (last?.id ?? null) : null;
}

/** One for all messages with nothing open, so that they are not drawn again whenever others change. */
const NONE: ReadonlyMap<string, number> = new Map();
