import { Anchor, Code, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Parameters } from "../actions/Parameters";
import { errorOf } from "../actions/reason";
import { Told } from "../actions/Told";
import type { Action } from "../api/types";
import { ERROR_KIND_LABELS } from "../enums/errorKind";
import { exactly } from "../page/moment";
import classes from "./Details.module.css";
import { timingsInWords } from "./timings";
import { useNames } from "./useNames";

interface Props {
  action: Action;
  now: number;
}

/** Everything that is known of an action, in words. */
export function Details({ action, now }: Props) {
  const names = useNames(action.parameters);
  return (
    <div className={classes.details}>
      <dl className={classes.list}>
        <Parameters parameters={action.parameters} names={names} />
        {action.error && (
          <Item name={`Error: ${ERROR_KIND_LABELS[action.error.kind] ?? action.error.kind}`}>
            <Told text={errorOf(action)} />
          </Item>
        )}
      </dl>
      <dl className={classes.list}>
        <Item name="Asked for">{exactly(action.queued_at)}</Item>
        {action.started_at && <Item name="Last attempt began">{exactly(action.started_at)}</Item>}
        {action.finished_at && <Item name="Ended">{exactly(action.finished_at)}</Item>}
        <Item name="Took">{timingsInWords(action, now)}</Item>
        <Item name="Attempts">{action.attempt}</Item>
      </dl>
      {action.coach_message_id ? (
        <Anchor component={Link} to={`/?message=${action.coach_message_id}`} underline="always" inherit>
          Show its message in the chat
        </Anchor>
      ) : (
        <Text size="sm" c="dimmed">
          Its message was cleared when the chat was reset.
        </Text>
      )}
      <details className={classes.raw}>
        <summary>As JSON</summary>
        <Code block className={classes.json}>
          {JSON.stringify(action, null, 2)}
        </Code>
      </details>
    </div>
  );
}

function Item({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
