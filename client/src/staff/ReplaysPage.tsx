import { Anchor, Button, Text } from "@mantine/core";
import { type RefObject, useRef } from "react";
import { Link } from "react-router";
import { StatusMark } from "../actions/StatusMark";
import { useNow } from "../actions/useNow";
import type { Replay } from "../api/types";
import { inWords } from "../page/duration";
import { held } from "../page/held";
import { exactly, when } from "../page/moment";
import { useFocusHandedOn } from "../page/useFocusHandedOn";
import { Fetched } from "./Fetched";
import { useReplays } from "./queries";
import classes from "./ReplaysPage.module.css";
import { copiesOf, isOpen, markOf, whatOf } from "./replayWords";
import { StaffPage } from "./StaffPage";
import { byWhom, countOf } from "./sentences";

/** All replays, newest first. */
export function ReplaysPage() {
  const { replays, query } = useReplays();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const list = useRef<HTMLUListElement>(null);
  const handOn = useFocusHandedOn(list);
  const showMore = () => (isFetchingNextPage ? undefined : void fetchNextPage({ cancelRefetch: true }));
  return (
    <StaffPage title="Replays">
      <Text c="dimmed">What came of replaying scenarios, newest first.</Text>
      <Fetched what="The replays" data={replays} query={query}>
        {(shown) => (shown.length > 0 ? <Rows replays={shown} listRef={list} /> : <NoneYet />)}
      </Fetched>
      {hasNextPage && (
        <Button ref={handOn} variant="default" onClick={showMore} {...held(isFetchingNextPage)}>
          {isFetchingNextPage ? "Loading more…" : "Show more"}
        </Button>
      )}
    </StaffPage>
  );
}

interface RowsProps {
  replays: readonly Replay[];
  listRef: RefObject<HTMLUListElement | null>;
}

function Rows({ replays, listRef }: RowsProps) {
  const now = useNow(replays.some(isOpen));
  return (
    <ul ref={listRef} tabIndex={-1} className={classes.replays} aria-label="Replays">
      {replays.map((replay) => (
        <Row key={replay.id} replay={replay} now={now} />
      ))}
    </ul>
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
