import { Anchor, Button, Text } from "@mantine/core";
import { Link } from "react-router";
import { StatusMark } from "../actions/StatusMark";
import { useNow } from "../actions/useNow";
import type { Replay } from "../api/types";
import { inWords } from "../page/duration";
import { Loading } from "../page/Loading";
import { exactly, when } from "../page/moment";
import { Failed, MayBeOld } from "./Failed";
import { useReplays } from "./queries";
import classes from "./ReplaysPage.module.css";
import { copiesOf, isOpen, markOf, whatOf } from "./replayWords";
import { StaffPage } from "./StaffPage";
import { byWhom, countOf } from "./sentences";

/** All replays, newest first. */
export function ReplaysPage() {
  return (
    <StaffPage title="Replays">
      <Text c="dimmed">What came of replaying scenarios, newest first.</Text>
      <Listed />
    </StaffPage>
  );
}

function Listed() {
  const { replays, query } = useReplays();
  const { error, isFetching, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const now = useNow(replays?.some(isOpen) ?? false);
  if (replays === null) {
    if (!error) return <Loading />;
    return (
      <Failed
        what="The replays could not be loaded."
        error={error}
        retry={() => void refetch()}
        isRetrying={isFetching}
      />
    );
  }
  return (
    <>
      <MayBeOld query={query} />
      {replays.length === 0 && <NoneYet />}
      {replays.length > 0 && (
        <ul className={classes.replays} aria-label="Replays">
          {replays.map((replay) => (
            <Row key={replay.id} replay={replay} now={now} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button
          variant="default"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage({ cancelRefetch: true })}
        >
          Show more
        </Button>
      )}
    </>
  );
}

function Row({ replay, now }: { replay: Replay; now: number }) {
  const { id, done, total, actions, seconds, started_by, created_at } = replay;
  return (
    <li className={classes.replay} data-replay={id} data-status={replay.status}>
      <div className={classes.mark}>
        <StatusMark wording={markOf(replay)} />
      </div>
      <div>
        <Link to={`/replays/${id}`} className={classes.name} dir="auto">
          {whatOf(replay)}
        </Link>
        <Text size="sm" c="dimmed">
          {isOpen(replay) ? `${done} of ${countOf(total, "copy", "copies")} done` : copiesOf(replay)}
        </Text>
      </div>
      <div className={classes.facts}>
        <span>
          <time dateTime={created_at} title={exactly(created_at)}>
            {when(created_at, now)}
          </time>
          {seconds !== null && `, took ${inWords(seconds * 1000)}, ${countOf(actions, "action")}`}
        </span>
        <span>{byWhom(started_by)}</span>
      </div>
    </li>
  );
}

function NoneYet() {
  return (
    <div className={classes.none}>
      <Text fw={600}>Nothing has been replayed yet.</Text>
      <Anchor component={Link} to="/scenarios" underline="always">
        Choose scenarios to replay
      </Anchor>
    </div>
  );
}
