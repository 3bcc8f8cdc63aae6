import { ActionIcon, Button, Textarea } from "@mantine/core";
import { IconAlertCircle, IconArrowUp } from "@tabler/icons-react";
import { type KeyboardEvent, memo, type RefObject, type SyntheticEvent, useId } from "react";
import { isTooLong, roomInWords } from "../outbox/limits";
import type { OutboxState } from "../outbox/useOutbox";
import classes from "./Composer.module.css";

interface Props {
  outbox: OutboxState;
  box: RefObject<HTMLTextAreaElement | null>;
  onSent: () => void;
}

/**
 * Where the user writes. The focus stays in the box, and what is in it is lost by nothing.
 *
 * Drawn only when something of it changes: measuring how high the box must be makes the browser lay out the page.
 */
export const Composer = memo(function Composer({ outbox, box, onSent }: Props) {
  const { draft, setDraft, underWay, failure, send } = outbox;
  const hintId = useId();
  const roomId = useId();
  const room = roomInWords(draft);
  const cannotSend = underWay !== null || draft.trim() === "" || isTooLong(draft);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    box.current?.focus();
    if (cannotSend) return;
    send();
    onSent();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isSending(event)) submit(event);
  };

  return (
    <form className={classes.composer} onSubmit={submit} aria-label="Write to the coach">
      {failure !== null && <Failure reason={failure} cannotSend={cannotSend} />}
      <div className={classes.row}>
        <Textarea
          ref={box}
          className={classes.box}
          size="md"
          radius="lg"
          aria-label="Your message"
          placeholder="Write to your coach…"
          // Given beside these, they would go to what is around the box, or nowhere.
          attributes={{ input: { dir: "auto", "aria-describedby": `${hintId} ${roomId}` } }}
          autosize
          minRows={1}
          maxRows={8}
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <ActionIcon
          type="submit"
          size={42}
          radius="xl"
          aria-label="Send"
          aria-disabled={cannotSend}
          {...(cannotSend && { "data-disabled": true })}
        >
          <IconArrowUp size={22} stroke={2} aria-hidden />
        </ActionIcon>
      </div>
      <div className={classes.below}>
        <span id={hintId} className={classes.hint}>
          Enter sends, Shift + Enter begins a new line.
        </span>
        <span id={roomId} role="status" data-too-long={isTooLong(draft) || undefined}>
          {room}
        </span>
      </div>
    </form>
  );
});

/** While a word is being composed (an IME), Enter belongs to it; some browsers tell so by the key code alone. */
function isSending({ key, shiftKey, nativeEvent }: KeyboardEvent): boolean {
  return key === "Enter" && !shiftKey && !nativeEvent.isComposing && nativeEvent.keyCode !== 229;
}

/** Its button sends what is in the box, as the other one does. */
function Failure({ reason, cannotSend }: { reason: string; cannotSend: boolean }) {
  return (
    <div role="alert" className={classes.failure}>
      <IconAlertCircle size={18} aria-hidden />
      <span>{reason}</span>
      <Button
        type="submit"
        size="compact-sm"
        variant="default"
        aria-disabled={cannotSend}
        {...(cannotSend && { "data-disabled": true })}
      >
        Try again
      </Button>
    </div>
  );
}
