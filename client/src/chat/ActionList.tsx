import { Button } from "@mantine/core";
import { useId, useState } from "react";
import { ActionLine } from "../actions/ActionLine";
import { countOfActions, tallyInWords } from "../actions/tally";
import type { Action } from "../api/types";
import { ActionStatus } from "../enums/actionStatus";
import { isOpen } from "../live/lane";
import classes from "./ActionList.module.css";

/** A longer list is told in one sentence, and listed when asked for. */
const MANY = 8;

interface Props {
  actions: readonly Action[];
  ahead: ReadonlyMap<string, number>;
}

/** What the coach does beside its words. */
export function ActionList({ actions, ahead }: Props) {
  const listId = useId();
  const isLong = actions.length > MANY;
  // A list that lived in front of the user does not fold itself.
  const [isFolded, setIsFolded] = useState(() => isLong && !actions.some(isOpen));
  const shown = isLong && isFolded ? actions.filter(isWorthALine) : actions;
  return (
    <div className={classes.actions}>
      {isLong && (
        <div className={classes.summary}>
          <span>{tallyInWords(actions)}</span>
          <Button
            variant="subtle"
            size="compact-sm"
            aria-expanded={!isFolded}
            aria-controls={listId}
            onClick={() => setIsFolded(!isFolded)}
          >
            {isFolded ? "Show all" : "Show fewer"}
          </Button>
        </div>
      )}
      <ul id={listId} className={classes.list} aria-label={countOfActions(actions.length)}>
        {shown.map((action) => (
          <li key={action.id}>
            <ActionLine action={action} ahead={ahead.get(action.id) ?? null} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What is under way or went wrong is worth a line even in a folded list. */
function isWorthALine({ status }: Action): boolean {
  return (
    status !== ActionStatus.SUCCEEDED && status !== ActionStatus.SKIPPED && status !== ActionStatus.QUEUED
  );
}
