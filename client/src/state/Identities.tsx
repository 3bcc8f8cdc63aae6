import { Badge, Text, Title } from "@mantine/core";
import { useId } from "react";
import type { CoachState, Identity } from "../api/types";
import { IDENTITY_CATEGORY_LABELS, IdentityCategory } from "../enums/identityCategory";
import type { Change } from "../live/LiveProvider";
import { ArchivedIdentities } from "./ArchivedIdentities";
import { Tag } from "./ChangeTag";
import { latest, useChangedIdentities } from "./changes";
import classes from "./Identities.module.css";
import { IdentityCard } from "./IdentityCard";
import { Section } from "./Section";

const CATEGORIES = Object.values(IdentityCategory);

interface Props {
  coachState: CoachState;
  identities: Identity[];
  /** Whether the two have come to the identities; before that nothing can have been archived. */
  hasBegun: boolean;
}

/** The identities as cards, by category in walking order. */
export function Identities({ coachState, identities, hasBegun }: Props) {
  const changed = useChangedIdentities();
  const ids = new Set(identities.map(({ id }) => id));
  const gone = latest([...changed].filter(([id]) => !ids.has(id)).map(([, change]) => change));
  const groups = CATEGORIES.map((category) => ({
    category,
    members: identities.filter((identity) => identity.category === category),
  })).filter(({ members }) => members.length > 0);
  return (
    <Section title="Your identities" changes={["current_identity"]}>
      <Tag change={gone} />
      {groups.length === 0 && (
        <Text size="sm" c="dimmed">
          None yet. Those that you find together with your coach appear here.
        </Text>
      )}
      {groups.map(({ category, members }) => (
        <Group
          key={category}
          category={category}
          members={members}
          currentId={coachState.current_identity}
          isFocus={category === coachState.identity_focus}
          changed={changed}
        />
      ))}
      {hasBegun && <ArchivedIdentities />}
    </Section>
  );
}

interface GroupProps {
  category: IdentityCategory;
  members: Identity[];
  currentId: string | null;
  isFocus: boolean;
  changed: ReadonlyMap<string, Change>;
}

function Group({ category, members, currentId, isFocus, changed }: GroupProps) {
  const id = useId();
  return (
    <section className={classes.group} aria-labelledby={id}>
      <div className={classes.head}>
        <Title order={3} size="sm" fw={600} id={id}>
          {IDENTITY_CATEGORY_LABELS[category]}
        </Title>
        {isFocus && (
          <Badge tt="none" variant="default">
            In focus
          </Badge>
        )}
      </div>
      {members.map((identity) => (
        <IdentityCard
          key={identity.id}
          identity={identity}
          isCurrent={identity.id === currentId}
          change={changed.get(identity.id) ?? null}
        />
      ))}
    </section>
  );
}
