import { Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { memo, useId } from "react";
import { StatusMark } from "../actions/StatusMark";
import { useNow } from "../actions/useNow";
import { describe } from "../actions/wording";
import { isOpen } from "../live/lane";
import classes from "./ActionCard.module.css";
import { Details } from "./Details";
import { DetailsButton } from "./DetailsButton";
import type { EntryProps } from "./entry";
import { exactly, when } from "./moment";
import { timingsInWords } from "./timings";

/** One action on a narrow screen. */
export const ActionCard = memo(function ActionCard({ action, ahead }: EntryProps) {
  const [isShown, { toggle }] = useDisclosure(false);
  const id = useId();
  const now = useNow(isOpen(action));
  const wording = describe(action, ahead, now);
  return (
    <li className={classes.card} data-action-id={action.id} data-status={action.status}>
      <div className={classes.head}>
        <strong>{action.label}</strong>
        <Text
          component="time"
          size="sm"
          c="dimmed"
          dateTime={action.queued_at}
          title={exactly(action.queued_at)}
        >
          {when(action.queued_at, now)}
        </Text>
      </div>
      <StatusMark wording={wording} />
      {wording.detail && (
        <Text size="sm" dir="auto">
          {wording.detail}
        </Text>
      )}
      <div className={classes.foot}>
        <Text size="sm" c="dimmed">
          {timingsInWords(action, now)}
          {action.attempt > 1 && `, ${action.attempt} attempts`}
        </Text>
        <DetailsButton isShown={isShown} toggle={toggle} of={action.label} controls={id} />
      </div>
      {isShown && (
        <div id={id} className={classes.details}>
          <Details action={action} now={now} />
        </div>
      )}
    </li>
  );
});
