import { Text, Title } from "@mantine/core";
import { IconCircleCheck, IconEqualNot } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import { StatusMark } from "../actions/StatusMark";
import type { Wording } from "../actions/wording";
import type { ReplayResult } from "../api/types";
import { sentence } from "../page/sentence";
import { Differences } from "./Differences";
import classes from "./Results.module.css";
import { countOf } from "./sentences";

const MOST_SHOWN = 5;

const AS_EXPECTED: Wording = { icon: IconCircleCheck, tone: "good", label: "As expected", detail: "" };
const DIFFERS: Wording = { icon: IconEqualNot, tone: "bad", label: "Differs", detail: "" };

/** What each scenario came to; those that differ first. */
export function Results({ results }: { results: readonly ReplayResult[] }) {
  const differing = results.filter(({ as_expected }) => !as_expected);
  const rest = results.filter(({ as_expected }) => as_expected);
  return (
    <>
      {differing.map((result) => (
        <Differing key={result.name} result={result} />
      ))}
      {rest.length > 0 && (
        <ul className={classes.fine} aria-label="As expected">
          {rest.map(({ name, copies }) => (
            <li key={name} data-result={name}>
              <span dir="auto" className={classes.name}>
                {name}
              </span>
              <StatusMark wording={AS_EXPECTED} />
              <Text size="sm" c="dimmed">
                {countOf(copies, "copy", "copies")}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Differing({ result }: { result: ReplayResult }) {
  const { name, copies, differences, unresolved, unsettled, disagreements } = result;
  const id = useId();
  return (
    <section className={classes.differing} aria-labelledby={id} data-result={name}>
      <div className={classes.head}>
        <Title order={2} size="h4" id={id} dir="auto">
          {name}
        </Title>
        <StatusMark wording={DIFFERS} />
        <Text size="sm" c="dimmed">
          {countOf(copies, "copy", "copies")}
        </Text>
      </div>
      {differences.length > 0 && (
        <Part title="Other than expected">
          <Differences differences={differences} about={name} hasBy />
        </Part>
      )}
      {unresolved.length > 0 && (
        <Part title="What could not be found">
          <ul className={classes.list}>
            {unresolved.map((words) => (
              <li key={words} dir="auto">
                {sentence(words)}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {unsettled.length > 0 && (
        <Part title="Not all actions ended">
          <Text size="sm">
            {unsettled.length === 1 ? "In copy" : "In the copies"} {firstOf(unsettled)}.
          </Text>
        </Part>
      )}
      {disagreements.length > 0 && (
        <Part title="Copies that came out otherwise than the same actions one by one">
          {disagreements.slice(0, MOST_SHOWN).map(({ number, differences: others }) => (
            <div key={number} className={classes.copy}>
              <h4>Copy {number}</h4>
              <Differences differences={others} about={`${name}, copy ${number}`} />
            </div>
          ))}
          {disagreements.length > MOST_SHOWN && (
            <Text size="sm" c="dimmed">
              And {countOf(disagreements.length - MOST_SHOWN, "more copy", "more copies")}.
            </Text>
          )}
        </Part>
      )}
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.part}>
      <h3>{title}</h3>
      {children}
    </div>
  );
}

/** "1, 2, 3", "1, 2, 3, 4, 5 and 12 more". */
function firstOf(copies: readonly number[]): string {
  const shown = copies.slice(0, MOST_SHOWN).join(", ");
  return copies.length > MOST_SHOWN ? `${shown} and ${copies.length - MOST_SHOWN} more` : shown;
}
