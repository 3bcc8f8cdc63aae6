import { VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCircle, IconCircleDot } from "@tabler/icons-react";
import { IdentityState } from "../enums/identityState";
import classes from "./Ladder.module.css";
import { type Place, placeOf, WORD_OF_PLACE } from "./steps";

type Rung = Exclude<IdentityState, "archived">;

const WORDS: Readonly<Record<Rung, string>> = {
  proposed: "Proposed",
  accepted: "Accepted",
  refinement_complete: "Refined",
  commitment_complete: "Committed",
  i_am_complete: "I am",
  visualization_complete: "Visualized",
};
const RUNGS = Object.values(IdentityState).filter((state) => state !== IdentityState.ARCHIVED);
const ICONS: Readonly<Record<Place, typeof IconCheck>> = {
  done: IconCheck,
  present: IconCircleDot,
  ahead: IconCircle,
};

/** How far an identity has come, as steps with words. */
export function Ladder({ state }: { state: Rung }) {
  const present = RUNGS.indexOf(state);
  return (
    <ol className={classes.ladder} aria-label="How far it has come">
      {RUNGS.map((rung, index) => (
        <Step key={rung} word={WORDS[rung]} place={placeOf(index, present)} />
      ))}
    </ol>
  );
}

function Step({ word, place }: { word: string; place: Place }) {
  const Icon = ICONS[place];
  return (
    <li className={classes.step} data-place={place} aria-current={place === "present" ? "step" : undefined}>
      <Icon className={classes.icon} size={14} stroke={place === "ahead" ? 1.5 : 2.5} aria-hidden />
      {word}
      <VisuallyHidden>, {WORD_OF_PLACE[place]}</VisuallyHidden>
    </li>
  );
}
