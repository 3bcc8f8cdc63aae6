import { VisuallyHidden } from "@mantine/core";
import { Markdown } from "./Markdown";
import bubble from "./MessageBubble.module.css";

/** What the coach has written so far. It is said aloud once it is whole, as every message is. */
export function DraftView({ text }: { text: string }) {
  return (
    <li>
      <div className={bubble.bubble} data-role="coach" data-pending data-draft>
        <h2 className={bubble.heading}>
          <VisuallyHidden component="span">The coach, </VisuallyHidden>
          <span className={bubble.time}>Writing…</span>
        </h2>
        <Markdown text={text} />
      </div>
    </li>
  );
}
