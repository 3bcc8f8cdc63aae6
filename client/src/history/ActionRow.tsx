import { Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { memo, useId } from "react";
import { StatusMark } from "../actions/StatusMark";
import { useNow } from "../actions/useNow";
import { describe } from "../actions/wording";
import { isOpen } from "../live/lane";
import classes from "./ActionRow.module.css";
import { Details } from "./Details";
import { DetailsButton } from "./DetailsButton";
import type { EntryProps } from "./entry";
import { exactly, when } from "./moment";
import { timingsInWords } from "./timings";

/** One action as a row of the table; its details as a row below. */
export const ActionRow = memo(function ActionRow({ action, ahead }: EntryProps) {
  const [isShown, { toggle }] = useDisclosure(false);
  const id = useId();
  const now = useNow(isOpen(action));
  const wording = describe(action, ahead, now);
  return (
    <tbody data-action-id={action.id} data-status={action.status}>
      <tr>
        <th scope="row" className={classes.name}>
          {action.label}
          {wording.detail && (
            <Text size="sm" c="dimmed" dir="auto" className={classes.detail}>
              {wording.detail}
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
        <td className={classes.took}>
          {timingsInWords(action, now)}
          {action.attempt > 1 && `, ${action.attempt} attempts`}
        </td>
        <td>
          <DetailsButton isShown={isShown} toggle={toggle} of={action.label} controls={id} />
        </td>
      </tr>
      {isShown && (
        <tr id={id}>
          <td colSpan={5} className={classes.details}>
            <Details action={action} now={now} />
          </td>
        </tr>
      )}
    </tbody>
  );
});
