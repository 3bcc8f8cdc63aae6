import { VisuallyHidden } from "@mantine/core";
import { memo } from "react";
import type { Message } from "../api/types";
import { MessageRole } from "../enums/messageRole";
import { ActionList } from "./ActionList";
import { timeOf } from "./days";
import { Markdown } from "./Markdown";
import classes from "./MessageBubble.module.css";
import { PlainText } from "./PlainText";

interface Props {
  message: Message;
  /** Of each open action, how many stand before it. */
  ahead: ReadonlyMap<string, number>;
}

/** What one of the two said, and what the coach does about it. */
export const MessageBubble = memo(function MessageBubble({ message, ahead }: Props) {
  const moment = new Date(message.created_at);
  const isCoach = message.role === MessageRole.COACH;
  return (
    <div
      className={classes.bubble}
      data-role={message.role}
      data-acts={message.actions.length > 0 || undefined}
    >
      <h2 className={classes.heading}>
        <VisuallyHidden component="span">{isCoach ? "The coach, " : "You, "}</VisuallyHidden>
        <time className={classes.time} dateTime={message.created_at} title={moment.toLocaleString()}>
          {timeOf(moment)}
        </time>
      </h2>
      {isCoach ? <Markdown text={message.content} /> : <PlainText text={message.content} />}
      {message.actions.length > 0 && <ActionList actions={message.actions} ahead={ahead} />}
    </div>
  );
});
