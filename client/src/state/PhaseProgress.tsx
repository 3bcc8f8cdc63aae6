import { Text, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCheck, IconPointFilled } from "@tabler/icons-react";
import { useId } from "react";
import { COACHING_PHASE_LABELS, type CoachingPhase } from "../enums/coachingPhase";
import { Disclosure } from "./Disclosure";
import classes from "./PhaseProgress.module.css";
import { PHASES, phaseInWords } from "./phases";
import { Section } from "./Section";
import { type Place, placeOf, WORD_OF_PLACE } from "./steps";

/** How far the coaching has come: a bar of ten, or a list of their names. */
export function PhaseProgress({ current }: { current: CoachingPhase }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const listId = useId();
  const step = PHASES.indexOf(current);
  return (
    <Section title="Where you are" changes={["phase"]}>
      <div>
        <Text fw={600}>{COACHING_PHASE_LABELS[current]}</Text>
        <Text size="sm" c="dimmed">
          {whereIs(current)}
        </Text>
      </div>
      <ol className={classes.phases} id={listId} data-open={isOpen || undefined}>
        {PHASES.map((phase, index) => (
          <Phase
            key={phase}
            name={COACHING_PHASE_LABELS[phase]}
            place={placeOf(index, step)}
            isNamed={isOpen}
          />
        ))}
      </ol>
      <Disclosure
        isOpen={isOpen}
        onToggle={toggle}
        more="Name all phases"
        less="Hide the names"
        controls={listId}
      />
    </Section>
  );
}

function Phase({ name, place, isNamed }: { name: string; place: Place; isNamed: boolean }) {
  const Name = isNamed ? "span" : VisuallyHidden;
  return (
    <li className={classes.phase} data-place={place} aria-current={place === "present" ? "step" : undefined}>
      <span className={classes.mark} aria-hidden>
        {place === "done" && <IconCheck size={12} stroke={3} />}
        {place === "present" && <IconPointFilled size={12} />}
      </span>
      <Name>{name}</Name>
      <VisuallyHidden>, {WORD_OF_PLACE[place]}</VisuallyHidden>
    </li>
  );
}

function whereIs(current: CoachingPhase): string {
  const next = PHASES[PHASES.indexOf(current) + 1];
  const then = next === undefined ? "The last one." : `Next comes ${COACHING_PHASE_LABELS[next]}.`;
  return `${phaseInWords(current)}. ${then}`;
}
