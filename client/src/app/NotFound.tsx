import { Anchor, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { usePageTitle } from "../page/usePageTitle";
import classes from "./Plain.module.css";

export function NotFound() {
  usePageTitle("Not found");
  return (
    <Stack gap="sm" align="flex-start" className={classes.plain}>
      <Title order={1} size="h2">
        There is nothing here.
      </Title>
      <Text c="dimmed">The address may be mistyped, or what was here has moved.</Text>
      <Anchor component={Link} to="/">
        Go to the start page
      </Anchor>
    </Stack>
  );
}
