import { Anchor, Button, Stack, Text } from "@mantine/core";
import { Link } from "react-router";

/** Where nothing has been done yet. */
export function NothingYet() {
  return (
    <Stack align="flex-start" gap="xs" py="xl">
      <Text fw={600}>Nothing has come of your conversations yet.</Text>
      <Text c="dimmed">
        As you talk to the coach, everything that is written down or changed is listed here.
      </Text>
      <Anchor component={Link} to="/" underline="always">
        Talk to the coach
      </Anchor>
    </Stack>
  );
}

/** Where the filter leaves nothing. */
export function NoMatch({ clear }: { clear: () => void }) {
  return (
    <Stack align="flex-start" gap="xs" py="xl">
      <Text fw={600}>Nothing matches.</Text>
      <Text c="dimmed">Try fewer words, or another type or status.</Text>
      <Button variant="default" onClick={clear}>
        Show everything
      </Button>
    </Stack>
  );
}
