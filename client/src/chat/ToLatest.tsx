import { Button } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import classes from "./ToLatest.module.css";

/** Leads back to the end, and tells what came there meanwhile. */
export function ToLatest({ unseen, onClick }: { unseen: number; onClick: () => void }) {
  return (
    <Button
      className={classes.button}
      variant={unseen > 0 ? "filled" : "default"}
      size="compact-md"
      radius="xl"
      leftSection={<IconArrowDown size={16} aria-hidden />}
      onClick={onClick}
    >
      {nameOf(unseen)}
    </Button>
  );
}

function nameOf(unseen: number): string {
  if (unseen === 0) return "Latest messages";
  return unseen === 1 ? "1 new message" : `${unseen} new messages`;
}
