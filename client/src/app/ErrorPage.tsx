import { Button, Code, Stack, Text, Title } from "@mantine/core";
import classes from "./Plain.module.css";

/** What is said when a page fails: needs nothing but the theme, for anything else may be what failed. */
export function ErrorPage({ error }: { error: unknown }) {
  return (
    <Stack gap="sm" align="flex-start" className={classes.plain} role="alert">
      <Title order={1} size="h2">
        This page did not work.
      </Title>
      <Text c="dimmed">
        Something went wrong while it was being shown. What you typed is kept in this browser, and what the
        coach has done is kept by the server: load the page again to go on.
      </Text>
      <Button onClick={() => window.location.reload()}>Load again</Button>
      <details>
        <summary>Technical details</summary>
        <Code block>{technicalText(error)}</Code>
      </details>
    </Stack>
  );
}

function technicalText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
}
