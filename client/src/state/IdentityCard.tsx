import { Badge, Title } from "@mantine/core";
import { memo, useId } from "react";
import type { Identity } from "../api/types";
import { IdentityState } from "../enums/identityState";
import type { Change } from "../live/LiveProvider";
import { Tag } from "./ChangeTag";
import classes from "./IdentityCard.module.css";
import { Ladder } from "./Ladder";
import { LongText } from "./LongText";
import { TextList } from "./TextList";

const NOTES_SHOWN = 2;

interface Props {
  identity: Identity;
  isCurrent?: boolean;
  change?: Change | null;
}

/** One identity: its name, how far it has come, and what was written of it. Drawn again only where it changes. */
export const IdentityCard = memo(function IdentityCard({
  identity,
  isCurrent = false,
  change = null,
}: Props) {
  const id = useId();
  return (
    <article
      className={classes.card}
      aria-labelledby={id}
      aria-current={isCurrent || undefined}
      data-changed={change !== null || undefined}
    >
      <div className={classes.head}>
        <Title order={4} size="h6" id={id} dir="auto" className={classes.name}>
          {identity.name}
        </Title>
        {isCurrent && (
          <Badge tt="none" variant="filled" className={classes.badge}>
            Now
          </Badge>
        )}
      </div>
      <Tag change={change} />
      {identity.state !== IdentityState.ARCHIVED && <Ladder state={identity.state} />}
      <Written identity={identity} />
    </article>
  );
});

function Written({ identity: { name, i_am_statement, visualization, notes } }: { identity: Identity }) {
  return (
    <dl className={classes.written}>
      {i_am_statement && (
        <div>
          <dt>I am</dt>
          <dd>
            <LongText text={i_am_statement} about={`I am statement of ${name}`} />
          </dd>
        </div>
      )}
      {visualization && (
        <div>
          <dt>Visualization</dt>
          <dd>
            <LongText text={visualization} about={`visualization of ${name}`} />
          </dd>
        </div>
      )}
      {notes.length > 0 && (
        <div>
          <dt>Notes</dt>
          <dd>
            <TextList
              items={notes.map((note) => ({ id: note, text: note }))}
              about={`notes on ${name}`}
              first={NOTES_SHOWN}
            />
          </dd>
        </div>
      )}
    </dl>
  );
}
