import { Alert, Button } from "@mantine/core";
import { useEffect, useMemo, useRef } from "react";
import { countOfActions } from "../actions/tally";
import { useActions, useMessages } from "../api/queries";
import type { ActionFilter } from "../api/types";
import { aheadOf } from "../live/lane";
import { useAnnounce } from "../page/announce";
import { Loading } from "../page/Loading";
import { ActionEntries } from "./ActionEntries";
import { NoMatch, NothingYet } from "./Empty";

interface Props {
  filter: ActionFilter;
  showAll: () => void;
}

/** The actions that the filter leaves, as far as they are loaded, and the way to older ones. */
export function Results({ filter, showAll }: Props) {
  const { actions, hasOlder, loadOlder, isLoadingOlder, isLoading, error, retry } = useActions(filter);
  const { messages, hasOlder: isPart } = useMessages();
  const ahead = useMemo(() => aheadOf(messages, !isPart), [messages, isPart]);
  const entries = actions.map((action) => ({ action, ahead: ahead.get(action.id) ?? null }));
  const tellCount = useSpokenCount(isLoading || error ? null : actions.length, hasOlder, filter);

  const showMore = () => {
    tellCount();
    loadOlder();
  };

  if (isLoading) return <Loading />;
  return (
    <>
      {entries.length > 0 && <ActionEntries entries={entries} />}
      {error && <Failed retry={retry} />}
      {entries.length === 0 &&
        !error &&
        !hasOlder &&
        (isAll(filter) ? <NothingYet /> : <NoMatch clear={showAll} />)}
      {hasOlder && !error && (
        <Button variant="default" onClick={showMore} loading={isLoadingOlder} justify="center">
          Show more
        </Button>
      )}
    </>
  );
}

function Failed({ retry }: { retry: () => void }) {
  return (
    <Alert color="red" role="alert">
      The history could not be loaded just now.{" "}
      <Button variant="default" size="xs" onClick={retry}>
        Try again
      </Button>
    </Alert>
  );
}

function isAll(filter: ActionFilter): boolean {
  return Object.keys(filter).length === 0;
}

/**
 * Tells those who cannot see it how much there is now, after another filter and where more was asked for; what comes and
 * goes live is not told of here. Answers how to say that more was asked for.
 */
function useSpokenCount(count: number | null, hasMore: boolean, filter: ActionFilter): () => void {
  const announce = useAnnounce();
  const told = useRef(isAll(filter) ? filter : null);
  useEffect(() => {
    if (count === null || told.current === filter) return;
    told.current = filter;
    announce(countInWords(count, hasMore));
  }, [count, hasMore, filter, announce]);
  return () => {
    told.current = null;
  };
}

function countInWords(count: number, hasMore: boolean): string {
  return `${countOfActions(count)} shown${hasMore ? ", and there are more" : ""}.`;
}
