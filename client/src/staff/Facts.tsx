import type { Readable } from "../actions/readable";
import classes from "./Facts.module.css";
import { Words } from "./Words";

/** Names and values under each other. */
export function Facts({ facts, about }: { facts: readonly Readable[]; about: string }) {
  if (facts.length === 0) return null;
  return (
    <dl className={classes.facts}>
      {facts.map(({ name, values }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Values values={values} about={`${name}, ${about}`} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Values({ values, about }: { values: readonly string[]; about: string }) {
  const [only] = values;
  if (values.length === 0 || (values.length === 1 && !only)) return <i>nothing</i>;
  if (values.length === 1 && only !== undefined) return <Words text={only} about={about} />;
  return (
    <ul>
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a list of words that never changes, and may hold one twice
        <li key={index}>
          <Words text={value} about={about} />
        </li>
      ))}
    </ul>
  );
}
