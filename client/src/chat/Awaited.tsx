import { Button, Skeleton, Stack, Text } from "@mantine/core";
import type { RefObject } from "react";
import { useFocusHandedOn } from "../page/useFocusHandedOn";

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

interface MissingProps {
  retry: () => void;
  /** What has the focus once this is gone. */
  next: RefObject<HTMLElement | null>;
}

/** Says that the messages did not come. */
export function MissingMessages({ retry, next }: MissingProps) {
  return (
    <Stack ref={useFocusHandedOn(next)} role="alert" align="center" gap="sm" py="xl">
      <Text>The conversation cannot be shown right now. Nothing of it is lost.</Text>
      <Button variant="default" onClick={retry}>
        Try again
      </Button>
    </Stack>
  );
}
