import { VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCircle } from "@tabler/icons-react";
import { GetToKnowYouQuestion } from "../enums/getToKnowYouQuestion";
import classes from "./AskedQuestions.module.css";
import { Section } from "./Section";

const QUESTIONS = Object.values(GetToKnowYouQuestion);
const TOPICS: Readonly<Record<GetToKnowYouQuestion, string>> = {
  background_upbringing: "Where you come from",
  family_structure: "Your family",
  work_living: "Your work and how you live",
  hobbies_interests: "What you like to do",
  why_here_hopes: "Why you are here, and what you hope for",
};

/** What the two have talked about so far while getting to know each other. */
export function AskedQuestions({ asked }: { asked: readonly GetToKnowYouQuestion[] }) {
  return (
    <Section title="Getting to know you" changes={["asked_questions"]}>
      <ul className={classes.questions}>
        {QUESTIONS.map((question) => (
          <Question key={question} topic={TOPICS[question]} isAsked={asked.includes(question)} />
        ))}
      </ul>
    </Section>
  );
}

function Question({ topic, isAsked }: { topic: string; isAsked: boolean }) {
  const Icon = isAsked ? IconCheck : IconCircle;
  return (
    <li className={classes.question} data-asked={isAsked || undefined}>
      <Icon className={classes.icon} size={16} stroke={isAsked ? 2.5 : 1.5} aria-hidden />
      <span>
        {topic}
        <VisuallyHidden>{isAsked ? ", asked" : ", to come"}</VisuallyHidden>
      </span>
    </li>
  );
}
