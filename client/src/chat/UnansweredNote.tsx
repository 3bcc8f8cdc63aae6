import { Button, Group } from "@mantine/core";
import { useId } from "react";
import type { Message } from "../api/types";
import type { OutboxState } from "../outbox/useOutbox";
import { SendAgain } from "./SendAgain";
import classes from "./UnsentTurnView.module.css";

interface Props {
  message: Message;
  outbox: OutboxState;
}

/** Says under a message that it arrived, and that only its answer is missing. */
export function UnansweredNote({ message: { idempotency_key: key }, outbox }: Props) {
  const wordsId = useId();
  if (key === null) return null;
  return (
    <div className={classes.unanswered} data-unanswered>
      <p id={wordsId} className={classes.reason} role="alert">
        This arrived. Its answer may still be on its way, and you can ask for it again.
      </p>
      <Group gap="xs" mt="xs" justify="flex-end">
        <SendAgain turnKey={key} outbox={outbox} describedBy={wordsId}>
          Ask again
        </SendAgain>
        <Button
          size="compact-sm"
          variant="default"
          aria-describedby={wordsId}
          onClick={() => outbox.discard(key)}
        >
          Leave it
        </Button>
      </Group>
    </div>
  );
}
