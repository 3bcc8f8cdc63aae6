import { Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { ChangeTag } from "./ChangeTag";
import classes from "./Section.module.css";

interface SectionProps {
  title: string;
  /** What a change of it is called, as `useRecentChanges` says it. */
  changes?: readonly string[];
  children: ReactNode;
}

/** One part of the panel, under its heading. */
export function Section({ title, changes = [], children }: SectionProps) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <Title order={2} size="h5" id={id}>
        {title}
      </Title>
      <ChangeTag of={changes} />
      {children}
    </section>
  );
}
