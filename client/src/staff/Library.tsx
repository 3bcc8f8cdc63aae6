import { Button, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { memo, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { useNow } from "../actions/useNow";
import type { ScenarioSummary } from "../api/types";
import { useAnnounce } from "../page/announce";
import { exactly, when } from "../page/moment";
import { useFocusHandedOn } from "../page/useFocusHandedOn";
import { askedFor, useAskedFor } from "./askedFor";
import { found } from "./found";
import classes from "./Library.module.css";
import { ReplayForm } from "./ReplayForm";
import { byWhom, countOf } from "./sentences";
import { Tick } from "./Tick";
import { useSearchedText } from "./useSearchedText";

const PAUSE_MS = 500;

/** The scenarios, to be found by a text and chosen to be replayed. */
export function Library({ scenarios }: { scenarios: readonly ScenarioSummary[] }) {
  const asked = useAskedFor();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => askedFor(scenarios, asked));
  const [text, find] = useSearchedText();
  const field = useRef<HTMLInputElement>(null);
  const shown = found(scenarios, text);
  useSpokenCount(shown.length, text);
  const now = useNow(false);

  // What is chosen and was deleted meanwhile, or is not shown now, is not replayed.
  const ids = shown.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const areAll = shown.length > 0 && ids.length === shown.length;

  const choose = useCallback((id: string, isChosen: boolean) => {
    setChosen((before) => {
      const after = new Set(before);
      if (isChosen) after.add(id);
      else after.delete(id);
      return after;
    });
  }, []);
  const chooseAll = () => {
    for (const { id } of shown) choose(id, !areAll);
  };
  return (
    <>
      <search aria-label="Find scenarios">
        <TextInput
          ref={field}
          type="search"
          label="Find"
          placeholder="A word of the name or description"
          leftSection={<IconSearch size={18} aria-hidden="true" />}
          value={text}
          onChange={(event) => find(event.currentTarget.value)}
        />
      </search>
      {shown.length === 0 && <NoMatch clear={() => find("")} field={field} />}
      {/* Hidden only: it keeps what is written in it. */}
      <div hidden={shown.length === 0}>
        <div className={classes.bar}>
          <Tick
            className={classes.all}
            checked={areAll}
            isMixed={ids.length > 0 && !areAll}
            onChange={chooseAll}
          >
            {chosenInWords(ids.length, shown.length)}
          </Tick>
          <ReplayForm ids={ids} counts {...(asked ? { startCopies: asked.copies } : {})} />
        </div>
        <ul className={classes.scenarios} aria-label="Scenarios">
          {shown.map((scenario) => (
            <Row
              key={scenario.id}
              scenario={scenario}
              isChosen={chosen.has(scenario.id)}
              choose={choose}
              now={now}
            />
          ))}
        </ul>
      </div>
    </>
  );
}

function chosenInWords(chosen: number, all: number): string {
  const scenarios = countOf(all, "scenario");
  if (chosen > 0) return `${chosen} of ${scenarios}`;
  return all === 1 ? scenarios : `All ${scenarios}`;
}

interface RowProps {
  scenario: ScenarioSummary;
  isChosen: boolean;
  choose: (id: string, isChosen: boolean) => void;
  now: number;
}

const Row = memo(function Row({ scenario, isChosen, choose, now }: RowProps) {
  const { id, name, description, turns, actions, added_by, created_at } = scenario;
  return (
    <li className={classes.scenario} data-scenario={name} data-chosen={isChosen || undefined}>
      <Tick
        className={classes.choice}
        aria-label={`Choose ${name}`}
        checked={isChosen}
        onChange={(event) => choose(id, event.currentTarget.checked)}
      />
      <div>
        <Link to={`/scenarios/${id}`} className={classes.name} dir="auto">
          {name}
        </Link>
        {description && (
          <Text size="sm" dir="auto">
            {description}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {countOf(turns, "turn")}, {countOf(actions, "action")}, added {byWhom(added_by)},{" "}
          <time dateTime={created_at} title={exactly(created_at)}>
            {when(created_at, now)}
          </time>
        </Text>
      </div>
    </li>
  );
});

function NoMatch({ clear, field }: { clear: () => void; field: RefObject<HTMLInputElement | null> }) {
  const handOn = useFocusHandedOn(field);
  return (
    <div className={classes.none}>
      <Text fw={600}>No scenario has that in its name or description.</Text>
      <Button ref={handOn} variant="default" onClick={clear}>
        Show all
      </Button>
    </div>
  );
}

/** Tells those who cannot see it how many are left, once the typing pauses. */
function useSpokenCount(count: number, text: string): void {
  const announce = useAnnounce();
  const told = useRef(text);
  useEffect(() => {
    if (told.current === text) return;
    const timer = setTimeout(() => {
      told.current = text;
      announce(`${countOf(count, "scenario")} shown.`);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [count, text, announce]);
}
