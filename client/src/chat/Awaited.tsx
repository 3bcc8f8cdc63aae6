import { Button, Skeleton, Stack, Text } from "@mantine/core";

/** Stands for the messages while they are on their way. */
export function AwaitedMessages() {
  return (
    <Stack role="status" aria-busy aria-label="Loading the conversation" gap="sm">
      <Skeleton height={64} width="60%" radius="lg" />
      <Skeleton height={44} width="40%" radius="lg" ml="auto" />
      <Skeleton height={120} width="70%" radius="lg" />
    </Stack>
  );
}

/** Says that the messages did not come. */
export function MissingMessages({ retry }: { retry: () => void }) {
  return (
    <Stack role="alert" align="center" gap="sm" py="xl">
      <Text>The conversation cannot be shown right now. Nothing of it is lost.</Text>
      <Button variant="default" onClick={retry}>
        Try again
      </Button>
    </Stack>
  );
}
