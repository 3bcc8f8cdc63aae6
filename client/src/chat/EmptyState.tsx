import { Button, Text, Title } from "@mantine/core";
import classes from "./EmptyState.module.css";

const EXAMPLES = [
  "Hi, my name is Alex.",
  "What are we going to do together?",
  "I am at a turning point and want to find out what comes next.",
];

/** What a new user finds: what this is, and a way to begin. */
export function EmptyState({ onPick }: { onPick: (text: string) => void }) {
  return (
    <div className={classes.empty}>
      <img src="/favicon.svg" alt="" width={56} height={56} />
      <Title order={2} size="h3">
        Welcome. This is where you and your coach talk.
      </Title>
      <Text c="dimmed">
        Together you find the identities that make up who you are and who you want to be. Write as you would
        to a friend. What the coach notes down for you appears under its answers, and the whole picture grows
        beside the chat.
      </Text>
      <Text id="first-sentences" fw={600}>
        Not sure how to begin? Take one of these, and change it as you like.
      </Text>
      <ul className={classes.examples} aria-labelledby="first-sentences">
        {EXAMPLES.map((example) => (
          <li key={example}>
            <Button variant="default" radius="xl" className={classes.example} onClick={() => onPick(example)}>
              {example}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
