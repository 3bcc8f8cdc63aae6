import { Button, Stack, Text, Title } from "@mantine/core";
import classes from "./Plain.module.css";

/** The session could not be asked for: nothing can be shown yet. */
export function Unreachable({ tryAgain, isTrying }: { tryAgain: () => void; isTrying: boolean }) {
  return (
    <main className={classes.plain}>
      <Stack gap="sm" align="flex-start">
        <Title order={1} size="h2">
          The coach cannot be reached.
        </Title>
        <Text c="dimmed">
          Your connection may be down, or the coach is being started. Nothing you have written is lost.
        </Text>
        <Button onClick={tryAgain} loading={isTrying}>
          Try again
        </Button>
      </Stack>
    </main>
  );
}
