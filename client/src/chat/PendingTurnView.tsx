import { VisuallyHidden } from "@mantine/core";
import type { UnderWay } from "../outbox/useOutbox";
import { DraftView } from "./DraftView";
import bubble from "./MessageBubble.module.css";
import classes from "./PendingTurnView.module.css";
import { PlainText } from "./PlainText";

interface Props {
  turn: UnderWay;
  /** What the coach has written so far. */
  draft: string | null;
}

const ANSWERED = "The coach has answered. You will see it as soon as the conversation can be loaded.";

/** What the user has just said, before the server has it, and that the coach writes its answer, or as far as that is. */
export function PendingTurnView({ turn: { content, isStored, isAnswered }, draft }: Props) {
  return (
    <>
      {!isStored && (
        <li>
          <div className={bubble.bubble} data-role="user" data-pending>
            <h2 className={bubble.heading}>
              <VisuallyHidden component="span">You, </VisuallyHidden>
              <span className={bubble.time}>{isAnswered ? "Answered" : "Sending…"}</span>
            </h2>
            <PlainText text={content} />
          </div>
        </li>
      )}
      {draft !== null ? (
        <DraftView text={draft} />
      ) : (
        <li>
          <div className={bubble.bubble} data-role="coach" data-pending>
            {isAnswered ? <span className={classes.writing}>{ANSWERED}</span> : <Writing />}
          </div>
        </li>
      )}
    </>
  );
}

function Writing() {
  return (
    <span className={classes.writing}>
      The coach is writing
      <span className={classes.dots} aria-hidden>
        <span />
        <span />
        <span />
      </span>
    </span>
  );
}
