import { Button } from "@mantine/core";
import type { RefObject } from "react";
import { useFocusHandedOn } from "../page/useFocusHandedOn";
import classes from "./Earlier.module.css";

interface Props {
  hasOlder: boolean;
  isLoading: boolean;
  hasFailed: boolean;
  load: () => void;
  /** What has the focus once there are no older ones. */
  next: RefObject<HTMLElement | null>;
}

/** The way back to what was said before; it opens by itself too where the reader comes near it. */
export function Earlier({ hasOlder, isLoading, hasFailed, load, next }: Props) {
  const ref = useFocusHandedOn(next);
  if (!hasOlder) return null;
  return (
    <div ref={ref} className={classes.earlier}>
      {hasFailed && <span role="status">The earlier messages did not come.</span>}
      <Button
        variant="subtle"
        size="compact-sm"
        aria-disabled={isLoading}
        onClick={() => !isLoading && load()}
      >
        {nameOf(isLoading, hasFailed)}
      </Button>
    </div>
  );
}

function nameOf(isLoading: boolean, hasFailed: boolean): string {
  if (isLoading) return "Loading earlier messages…";
  return hasFailed ? "Try again" : "Show earlier messages";
}
