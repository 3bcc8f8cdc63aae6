import { Button, Group, Text } from "@mantine/core";
import { IconExternalLink, IconRepeat } from "@tabler/icons-react";
import { Link, useParams } from "react-router";
import { StatusMark } from "../actions/StatusMark";
import { API } from "../api/http";
import type { ReplayDetail } from "../api/types";
import { ReplayStatus } from "../enums/replayStatus";
import { inWords } from "../page/duration";
import { exactly } from "../page/moment";
import { ADMIN } from "./ask";
import type { AskedFor } from "./askedFor";
import { Gone } from "./Failed";
import { Fetched } from "./Fetched";
import { Progress } from "./Progress";
import { useReplay } from "./queries";
import classes from "./ReplayPage.module.css";
import { Results } from "./Results";
import { copiesOf, isOpen, markOf, outcomeOf, whatOf } from "./replayWords";
import { StaffPage } from "./StaffPage";
import { byWhom, countOf, isGone } from "./sentences";
import { useSpokenReplay } from "./useSpokenReplay";

const BACK = { to: "/replays", name: "All replays" };

/** One replay: how far it is, and what it came to. */
export function ReplayPage() {
  const { id = "" } = useParams();
  const query = useReplay(id);
  const isThere = !isGone(query.error);
  useSpokenReplay(query.data);
  return (
    <StaffPage title={isThere && query.data ? `Replay of ${whatOf(query.data)}` : "Replay"} back={BACK}>
      {isThere ? (
        <Fetched what="The replay" data={query.data} query={query}>
          {(replay) => (
            <>
              <About replay={replay} />
              {isOpen(replay) ? (
                <Progress replay={replay} at={query.dataUpdatedAt} />
              ) : (
                <Ended replay={replay} />
              )}
            </>
          )}
        </Fetched>
      ) : (
        <Gone
          what="This replay is not there. It may have been removed."
          list="/replays"
          name="Show all replays"
        />
      )}
    </StaffPage>
  );
}

function About({ replay }: { replay: ReplayDetail }) {
  const { created_at, started_by, seconds, actions, names } = replay;
  const took = seconds === null ? "" : `, took ${inWords(seconds * 1000)} for ${countOf(actions, "action")}`;
  return (
    <div>
      <Text size="sm" c="dimmed">
        {copiesOf(replay)}, begun {byWhom(started_by)},{" "}
        <time dateTime={created_at}>{exactly(created_at)}</time>
        {took}.
      </Text>
      {names.length > 1 && (
        <details className={classes.names}>
          <summary>Which scenarios</summary>
          <ul>
            {names.map((name) => (
              <li key={name} dir="auto">
                {name}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Ended({ replay }: { replay: ReplayDetail }) {
  const { id, status, names, copies, has_report, results } = replay;
  const again: AskedFor = { names, copies };
  const isBad = status === ReplayStatus.DIFFERS || status === ReplayStatus.FAILED;
  return (
    <>
      <div
        className={classes.outcome}
        data-tone={isBad ? "bad" : status === ReplayStatus.AS_EXPECTED ? "good" : "quiet"}
      >
        <StatusMark wording={markOf(replay)} />
        <Text>{outcomeOf(replay)}</Text>
      </div>
      <Group gap="sm">
        {has_report && (
          <Button
            component="a"
            href={`${API}${ADMIN}/replays/${id}/report`}
            target="_blank"
            rel="noopener noreferrer"
            leftSection={<IconExternalLink size={18} />}
            aria-label="Open the report (in a new tab)"
          >
            Open the report
          </Button>
        )}
        <Button
          component={Link}
          to="/scenarios"
          state={again}
          variant="default"
          leftSection={<IconRepeat size={18} />}
        >
          Replay again
        </Button>
      </Group>
      {results && <Results results={results} />}
    </>
  );
}
