import { Group } from "@mantine/core";
import { useId } from "react";
import type { Message } from "../api/types";
import type { OutboxState, UnsentTurn } from "../outbox/useOutbox";
import { SendAgain } from "./SendAgain";
import { TurnButton } from "./TurnButton";
import classes from "./UnsentTurnView.module.css";

interface Props {
  message: Message;
  /** What this tab knows of it; null where the conversation alone tells that no answer came. */
  turn: UnsentTurn | null;
  outbox: OutboxState;
}

const MAY_COME = "This arrived. Its answer may still be on its way, and you can ask for it again.";

/** Says under a message that it arrived, and that only its answer is missing. */
export function UnansweredNote({ message: { idempotency_key: key }, turn, outbox }: Props) {
  const wordsId = useId();
  if (key === null) return null;
  const isFailed = turn?.hasArrived ?? false;
  return (
    <div className={classes.unanswered}>
      <p id={wordsId} className={classes.reason} role="alert">
        {isFailed ? `This arrived. ${turn?.reason}` : MAY_COME}
      </p>
      <Group gap="xs" mt="xs" justify="flex-end">
        <SendAgain turnKey={key} outbox={outbox} describedBy={wordsId}>
          {isFailed ? "Try again" : "Ask again"}
        </SendAgain>
        {turn !== null && (
          <TurnButton describedBy={wordsId} onClick={() => outbox.discard(key)}>
            Leave it
          </TurnButton>
        )}
      </Group>
    </div>
  );
}
