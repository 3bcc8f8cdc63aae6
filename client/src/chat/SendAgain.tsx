import type { ReactNode } from "react";
import type { OutboxState } from "../outbox/useOutbox";
import { TurnButton } from "./TurnButton";

interface Props {
  turnKey: string;
  outbox: OutboxState;
  describedBy: string;
  children: ReactNode;
}

/** Sends what stands in the conversation; one message is on its way at a time. */
export function SendAgain({ turnKey, outbox: { underWay, tryAgain }, describedBy, children }: Props) {
  return (
    <TurnButton describedBy={describedBy} mustWait={underWay !== null} onClick={() => tryAgain(turnKey)}>
      {children}
    </TurnButton>
  );
}
