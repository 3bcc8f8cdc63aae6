import type { Message } from "../api/types";
import { aheadOf, isOpen } from "../live/lane";
import type { OutboxState } from "../outbox/useOutbox";
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
            {unsent.some(({ key }) => key === message.idempotency_key) && (
              <UnansweredNote message={message} outbox={outbox} />
            )}
          </li>
        );
      })}
      {unsent
        .filter(({ key }) => !stored.has(key))
        .map((turn) => (
          <UnsentTurnView key={turn.key} turn={turn} outbox={outbox} />
        ))}
      {underWay !== null && <PendingTurnView turn={underWay} />}
    </ol>
  );
}

/** One for all messages with nothing open, so that they are not drawn again whenever others change. */
const NONE: ReadonlyMap<string, number> = new Map();
