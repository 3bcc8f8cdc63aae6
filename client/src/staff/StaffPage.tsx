import { Anchor, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";
import { Link, NavLink } from "react-router";
import { usePageTitle } from "../page/usePageTitle";
import { Heading } from "./heading";
import classes from "./StaffPage.module.css";

interface Props {
  title: string;
  /** Where the page is one of a list: the way back to that. Else the two lists are led to. */
  back?: { to: string; name: string };
  children: ReactNode;
}

/** What is the same on every page about scenarios and replays. */
export function StaffPage({ title, back, children }: Props) {
  usePageTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <div className={classes.page}>
      {back ? (
        <Anchor component={Link} to={back.to} className={classes.back}>
          <IconArrowLeft size={18} aria-hidden="true" />
          {back.name}
        </Anchor>
      ) : (
        <nav aria-label="For staff" className={classes.lists}>
          <NavLink to="/scenarios">Scenarios</NavLink>
          <NavLink to="/replays">Replays</NavLink>
        </nav>
      )}
      <Title order={1} size="h2" ref={heading} tabIndex={-1} dir="auto" className={classes.heading}>
        {title}
      </Title>
      <Heading value={heading}>{children}</Heading>
    </div>
  );
}
