import { useMediaQuery } from "@mantine/hooks";
import type { Difference } from "../api/types";
import classes from "./Differences.module.css";
import { byInWords, type Reading, readings } from "./difference";
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
  const rows = differences.map(read);
  if (!isWide) {
    return (
      <ul className={classes.cards} aria-label={`Differences of ${about}`}>
        {rows.map(({ place, expected, got, by }) => (
          <li key={place}>
            <code>{place}</code>
            <dl>
              <dt>Expected</dt>
              <dd>
                <Value reading={expected} about={`expected at ${place}`} />
              </dd>
              <dt>Got</dt>
              <dd>
                <Value reading={got} about={`got at ${place}`} />
              </dd>
              {hasBy && (
                <>
                  <dt>By</dt>
                  <dd>{by}</dd>
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
        {rows.map(({ place, expected, got, by }) => (
          <tr key={place}>
            <th scope="row">
              <code>{place}</code>
            </th>
            <td>
              <Value reading={expected} about={`expected at ${place}`} />
            </td>
            <td>
              <Value reading={got} about={`got at ${place}`} />
            </td>
            {hasBy && <td>{by}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function read({ place, expected, got, by }: Difference) {
  const [wanted, found] = readings(expected, got);
  return { place, expected: wanted, got: found, by: byInWords(by) };
}

function Value({ reading: { text, isStandIn }, about }: { reading: Reading; about: string }) {
  return isStandIn ? <i>{text}</i> : <Words text={text} about={about} />;
}
