import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { OutboxState } from "../outbox/useOutbox";

interface Props {
  turnKey: string;
  outbox: OutboxState;
  describedBy: string;
  children: ReactNode;
}

/** Sends what stands in the conversation; one message is on its way at a time. */
export function SendAgain({ turnKey, outbox: { underWay, tryAgain }, describedBy, children }: Props) {
  const mustWait = underWay !== null;
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-describedby={describedBy}
      aria-disabled={mustWait}
      {...(mustWait && { "data-disabled": true })}
      onClick={() => tryAgain(turnKey)}
    >
      {children}
    </Button>
  );
}
