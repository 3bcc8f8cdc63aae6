import { Text, Title } from "@mantine/core";
import { usePageTitle } from "../app/usePageTitle";
import { Filters } from "./Filters";
import { SHOW_ALL, useFilter } from "./filter";
import classes from "./HistoryPage.module.css";
import { Results } from "./Results";

/** Every action of the user, newest first. */
export function HistoryPage() {
  usePageTitle("History");
  const [filter, change] = useFilter();
  return (
    <div className={classes.page}>
      <div>
        <Title order={1} size="h2">
          History
        </Title>
        <Text c="dimmed">Everything that came of your conversations, newest first.</Text>
      </div>
      <Filters filter={filter} change={change} />
      <Results filter={filter} showAll={() => change(SHOW_ALL)} />
    </div>
  );
}
