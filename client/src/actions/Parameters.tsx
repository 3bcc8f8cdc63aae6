import { readable } from "./readable";

interface Props {
  parameters: Readonly<Record<string, unknown>>;
  /** What an id in them stands for, where that is known. */
  names: ReadonlyMap<string, string>;
}

/** An action's parameters, each with its name and its value in words. */
export function Parameters({ parameters, names }: Props) {
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
