import { Group, VisuallyHidden } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useId } from "react";
import type { OutboxState, UnsentTurn } from "../outbox/useOutbox";
import bubble from "./MessageBubble.module.css";
import { PlainText } from "./PlainText";
import { SendAgain } from "./SendAgain";
import { TurnButton } from "./TurnButton";
import classes from "./UnsentTurnView.module.css";

interface Props {
  turn: UnsentTurn;
  outbox: OutboxState;
}

/** What the user wrote that the coach has not got, and what can be done about it. */
export function UnsentTurnView({ turn: { key, content, isNew, hasArrived, reason }, outbox }: Props) {
  const textId = useId();
  return (
    <li>
      <div className={bubble.bubble} data-role="user" data-unsent>
        <h2 className={bubble.heading}>
          <VisuallyHidden component="span">You, </VisuallyHidden>
          <span className={classes.mark}>
            <IconAlertCircle className={classes.icon} size={15} aria-hidden />
            {hasArrived ? "Not answered" : "Not sent"}
          </span>
        </h2>
        <div id={textId}>
          <PlainText text={content} />
        </div>
        {reason !== null && (
          <p className={classes.reason} role="alert">
            {reason}
          </p>
        )}
        <Group gap="xs" mt="xs">
          <SendAgain turnKey={key} outbox={outbox} describedBy={textId}>
            {isNew ? "Send it" : "Try again"}
          </SendAgain>
          <TurnButton describedBy={textId} onClick={() => outbox.edit(key)}>
            Edit
          </TurnButton>
          <TurnButton describedBy={textId} onClick={() => outbox.discard(key)}>
            Discard
          </TurnButton>
        </Group>
      </div>
    </li>
  );
}
