import { useMediaQuery } from "@mantine/hooks";
import type { Difference } from "../api/types";
import classes from "./Differences.module.css";
import { byInWords, valueInWords } from "./difference";
import { Words } from "./Words";

const WIDE = "(min-width: 48em)";

interface Props {
  differences: readonly Difference[];
  about: string;
  /** It is known which action made them. */
  hasBy?: boolean;
}

/** Where it came out otherwise: a table where there is room, else a card for each place. */
export function Differences({ differences, about, hasBy = false }: Props) {
  const isWide = useMediaQuery(WIDE, true, { getInitialValueInEffect: false });
  if (!isWide) {
    return (
      <ul className={classes.cards} aria-label={`Differences of ${about}`}>
        {differences.map(({ place, expected, got, by }) => (
          <li key={place}>
            <code>{place}</code>
            <dl>
              <dt>Expected</dt>
              <dd>
                <Value value={expected} about={`expected at ${place}`} />
              </dd>
              <dt>Got</dt>
              <dd>
                <Value value={got} about={`got at ${place}`} />
              </dd>
              {hasBy && (
                <>
                  <dt>By</dt>
                  <dd>{byInWords(by)}</dd>
                </>
              )}
            </dl>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <table className={classes.table} aria-label={`Differences of ${about}`}>
      <thead>
        <tr>
          <th scope="col" className={classes.place}>
            Place
          </th>
          <th scope="col">Expected</th>
          <th scope="col">Got</th>
          {hasBy && (
            <th scope="col" className={classes.by}>
              By
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {differences.map(({ place, expected, got, by }) => (
          <tr key={place}>
            <th scope="row">
              <code>{place}</code>
            </th>
            <td>
              <Value value={expected} about={`expected at ${place}`} />
            </td>
            <td>
              <Value value={got} about={`got at ${place}`} />
            </td>
            {hasBy && <td>{byInWords(by)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ value, about }: { value: unknown; about: string }) {
  const words = valueInWords(value);
  return words === "" ? <i>nothing</i> : <Words text={words} about={about} />;
}
