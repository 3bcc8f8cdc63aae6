import { Button } from "@mantine/core";
import classes from "./Earlier.module.css";

interface Props {
  hasOlder: boolean;
  isLoading: boolean;
  hasFailed: boolean;
  load: () => void;
}

/** The way back to what was said before; it opens by itself too where the reader comes near it. */
export function Earlier({ hasOlder, isLoading, hasFailed, load }: Props) {
  if (!hasOlder) return null;
  return (
    <div className={classes.earlier}>
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
