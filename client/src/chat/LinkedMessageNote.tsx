import { Alert } from "@mantine/core";
import classes from "./LinkedMessageNote.module.css";
import type { LinkedMessage } from "./useLinkedMessage";

const WORDS = {
  looking: "Looking for the message…",
  stuck: "The message could not be looked for just now.",
  gone: "This message is no longer here. The chat may have been reset since.",
} as const;

/** Says what became of the way to a message that a link named. */
export function LinkedMessageNote({ state, dismiss }: Pick<LinkedMessage, "state" | "dismiss">) {
  if (state === "none" || state === "here") return null;
  return (
    <Alert
      role="status"
      className={classes.note}
      color="gray"
      variant="light"
      withCloseButton={state !== "looking"}
      closeButtonLabel="Close this note"
      onClose={dismiss}
    >
      {WORDS[state]}
    </Alert>
  );
}
