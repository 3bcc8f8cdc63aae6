import { Text } from "@mantine/core";
import { memo } from "react";
import { StatusMark } from "../actions/StatusMark";
import { Told } from "../actions/Told";
import { exactly, when } from "../page/moment";
import classes from "./ActionCard.module.css";
import { Details } from "./Details";
import { DetailsButton } from "./DetailsButton";
import type { EntryProps } from "./entry";
import { useEntry } from "./useEntry";

/** One action on a narrow screen. */
export const ActionCard = memo(function ActionCard({ action, ahead }: EntryProps) {
  const { now, wording, took, isShown, details } = useEntry({ action, ahead });
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
        <Text size="sm">
          <Told text={wording.detail} />
        </Text>
      )}
      <div className={classes.foot}>
        <Text size="sm" c="dimmed">
          {took}
        </Text>
        <DetailsButton {...details} />
      </div>
      {isShown && (
        <div id={details.controls} className={classes.details}>
          <Details action={action} now={now} />
        </div>
      )}
    </li>
  );
});
