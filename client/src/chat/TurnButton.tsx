import { Button } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  /** The id of what it is about. */
  describedBy: string;
  onClick: () => void;
  /** It does nothing now, and can be found all the same. */
  mustWait?: boolean;
  children: ReactNode;
}

/** One of the things that can be done about a message that stands in the conversation. */
export function TurnButton({ describedBy, onClick, mustWait = false, children }: Props) {
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-describedby={describedBy}
      {...(mustWait && { "aria-disabled": true, "data-disabled": true })}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
