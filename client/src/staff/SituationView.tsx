import { Text } from "@mantine/core";
import { IDENTITY_CATEGORY_LABELS } from "../enums/identityCategory";
import { Facts } from "./Facts";
import { factsOf } from "./factsOf";
import { own } from "./labels";
import classes from "./SituationView.module.css";
import type { Fields, Situation } from "./scenarioFile";
import { Words } from "./Words";

interface Props {
  situation: Situation;
  names: ReadonlyMap<string, string>;
}

/** How a user stands, or is expected to: the coach's state, the identities, the notes. */
export function SituationView({ situation: { coachState, identities, userNotes }, names }: Props) {
  return (
    <>
      <Facts facts={factsOf(coachState, names)} about="the coach’s state" />
      {identities && (
        <div>
          <h3 className={classes.heading}>Identities</h3>
          {identities.length === 0 && <None />}
          <ul className={classes.identities}>
            {identities.map((identity, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows never change their places
              <Identity key={index} identity={identity} names={names} />
            ))}
          </ul>
        </div>
      )}
      {userNotes && (
        <div>
          <h3 className={classes.heading}>Notes about the user</h3>
          {userNotes.length === 0 && <None />}
          <ul className={classes.notes}>
            {userNotes.map(({ note }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows never change their places
              <li key={index}>
                <Words text={String(note ?? "")} about="note" />
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function None() {
  return (
    <Text size="sm" c="dimmed">
      None.
    </Text>
  );
}

function Identity({ identity, names }: { identity: Fields; names: ReadonlyMap<string, string> }) {
  const { name, category, ref: _, ...rest } = identity;
  const called = String(name ?? "");
  return (
    <li className={classes.identity}>
      <div>
        <strong dir="auto">{called || "Of any name"}</strong>
        {typeof category === "string" && (
          <Text span size="sm" c="dimmed">
            {" "}
            · {own(IDENTITY_CATEGORY_LABELS, category) ?? category}
          </Text>
        )}
      </div>
      <Facts facts={factsOf(rest, names)} about={called} />
    </li>
  );
}
