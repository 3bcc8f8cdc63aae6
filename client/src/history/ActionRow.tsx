import { Text } from "@mantine/core";
import { memo } from "react";
import { StatusMark } from "../actions/StatusMark";
import { Told } from "../actions/Told";
import { exactly, when } from "../page/moment";
import classes from "./ActionRow.module.css";
import { Details } from "./Details";
import { DetailsButton } from "./DetailsButton";
import type { EntryProps } from "./entry";
import { useEntry } from "./useEntry";

/** One action as a row of the table; its details as a row below. */
export const ActionRow = memo(function ActionRow({ action, ahead }: EntryProps) {
  const { now, wording, took, isShown, details } = useEntry({ action, ahead });
  return (
    <tbody data-action-id={action.id} data-status={action.status}>
      <tr>
        <th scope="row" className={classes.name}>
          {action.label}
          {wording.detail && (
            <Text size="sm" c="dimmed" className={classes.detail}>
              <Told text={wording.detail} />
            </Text>
          )}
        </th>
        <td>
          <StatusMark wording={wording} />
        </td>
        <td className={classes.when}>
          <time dateTime={action.queued_at} title={exactly(action.queued_at)}>
            {when(action.queued_at, now)}
          </time>
        </td>
        <td className={classes.took}>{took}</td>
        <td>
          <DetailsButton {...details} />
        </td>
      </tr>
      {isShown && (
        <tr id={details.controls}>
          <td colSpan={5} className={classes.details}>
            <Details action={action} now={now} />
          </td>
        </tr>
      )}
    </tbody>
  );
});
