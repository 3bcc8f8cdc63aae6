import type { Action } from "../api/types";
import { readable } from "./readable";
import { useNames } from "./useNames";

/** An action's parameters, each with its name and its value in words. */
export function Parameters({ parameters }: { parameters: Action["parameters"] }) {
  const names = useNames(parameters);
  return readable(parameters, names).map(({ name, values }) => (
    <div key={name}>
      <dt>{name}</dt>
      <dd dir="auto">
        <Values values={values} />
      </dd>
    </div>
  ));
}

function Values({ values }: { values: string[] }) {
  if (values.length === 1) return values[0] || <Nothing />;
  if (values.length === 0) return <Nothing />;
  return (
    <ul>
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a list of words that never changes, and may hold one twice
        <li key={index} dir="auto">
          {value}
        </li>
      ))}
    </ul>
  );
}

function Nothing() {
  return <i>nothing</i>;
}
