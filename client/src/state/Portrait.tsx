import type { CoachState } from "../api/types";
import { Section } from "./Section";
import { TextList } from "./TextList";

const SHOWN = 6;

/** Who the user is, and who they want to be, in their words. */
export function Portrait({ coachState }: { coachState: CoachState }) {
  return (
    <>
      <Words title="Who you are" change="who_you_are" words={coachState.who_you_are} />
      <Words title="Who you want to be" change="who_you_want_to_be" words={coachState.who_you_want_to_be} />
    </>
  );
}

function Words({ title, change, words }: { title: string; change: string; words: readonly string[] }) {
  if (words.length === 0) {
    return null;
  }
  return (
    <Section title={title} changes={[change]}>
      <TextList items={words.map((text) => ({ id: text, text }))} about={title.toLowerCase()} first={SHOWN} />
    </Section>
  );
}
