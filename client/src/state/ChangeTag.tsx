import { IconSparkles } from "@tabler/icons-react";
import { Told } from "../actions/Told";
import type { Change } from "../live/LiveProvider";
import classes from "./ChangeTag.module.css";
import { useChange } from "./changes";

/** Where a change came from, for a moment. Screen readers hear of it by the chat's own announcements. */
export function ChangeTag({ of }: { of: readonly string[] }) {
  return <Tag change={useChange(of)} />;
}

export function Tag({ change }: { change: Change | null }) {
  if (change === null) {
    return null;
  }
  return (
    <p className={classes.tag} key={change.since} data-change>
      <IconSparkles className={classes.icon} size={16} aria-hidden />
      <Told text={change.cause?.result_summary || "This changed just now."} />
    </p>
  );
}
