import { useMediaQuery } from "@mantine/hooks";
import { ActionCard } from "./ActionCard";
import classes from "./ActionEntries.module.css";
import { ActionRow } from "./ActionRow";
import type { EntryProps } from "./entry";

const WIDE = "(min-width: 60em)";

/** The actions as a table where there is room, else as cards. */
export function ActionEntries({ entries }: { entries: EntryProps[] }) {
  const isWide = useMediaQuery(WIDE, true, { getInitialValueInEffect: false });
  if (!isWide) {
    return (
      <ul className={classes.cards} aria-label="Actions">
        {entries.map((entry) => (
          <ActionCard key={entry.action.id} {...entry} />
        ))}
      </ul>
    );
  }
  return (
    <table className={classes.table} aria-label="Actions">
      <thead>
        <tr>
          <th scope="col">Action</th>
          <th scope="col" className={classes.status}>
            Status
          </th>
          <th scope="col" className={classes.when}>
            When
          </th>
          <th scope="col" className={classes.took}>
            Took
          </th>
          <td className={classes.more} />
        </tr>
      </thead>
      {entries.map((entry) => (
        <ActionRow key={entry.action.id} {...entry} />
      ))}
    </table>
  );
}
