import { Text, Title } from "@mantine/core";
import { useRef } from "react";
import { usePageTitle } from "../page/usePageTitle";
import { Filters } from "./Filters";
import { SHOW_ALL, useFilter } from "./filter";
import classes from "./HistoryPage.module.css";
import { Results } from "./Results";

/** Every action of the user, newest first. */
export function HistoryPage() {
  usePageTitle("History");
  const [filter, change] = useFilter();
  const heading = useRef<HTMLHeadingElement>(null);
  // The button for it goes with the filter: the focus stays on the page.
  const showAll = () => {
    change(SHOW_ALL);
    heading.current?.focus();
  };
  return (
    <div className={classes.page}>
      <div>
        <Title order={1} size="h2" ref={heading} tabIndex={-1} className={classes.heading}>
          History
        </Title>
        <Text c="dimmed">Everything that came of your conversations, newest first.</Text>
      </div>
      <Filters filter={filter} change={change} showAll={showAll} />
      <Results filter={filter} showAll={showAll} />
    </div>
  );
}
