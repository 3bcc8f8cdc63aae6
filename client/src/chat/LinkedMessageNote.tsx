import { Alert } from "@mantine/core";
import classes from "./LinkedMessageNote.module.css";
import type { LinkedMessage } from "./useLinkedMessage";

/** Says what became of the way to a message that a link named. */
export function LinkedMessageNote({ state, dismiss }: Pick<LinkedMessage, "state" | "dismiss">) {
  if (state !== "looking" && state !== "gone") return null;
  return (
    <Alert
      role="status"
      className={classes.note}
      color="gray"
      variant="light"
      withCloseButton={state === "gone"}
      closeButtonLabel="Close this note"
      onClose={dismiss}
    >
      {state === "looking"
        ? "Looking for the message…"
        : "This message is no longer here. The chat may have been reset since."}
    </Alert>
  );
}
