import { Anchor, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useLocation } from "react-router";
import { useWayBack } from "../page/askedPath";
import classes from "./AccountPage.module.css";

interface Props {
  title: string;
  children: ReactNode;
  other: { question: string; name: string; path: string };
}

/** A page of the account, and the way to the other one. */
export function AccountPage({ title, children, other }: Props) {
  return (
    <div className={classes.page}>
      <div className={classes.card}>
        <Title order={1} size="h2" mb="md">
          {title}
        </Title>
        {children}
        <Text mt="lg">
          {other.question} <ToAccountPage path={other.path}>{other.name}</ToAccountPage>
        </Text>
      </div>
    </div>
  );
}

/** A link to a page of the account that keeps the way back, and the email where one was written. */
export function ToAccountPage(props: { path: string; email?: string; children: ReactNode }) {
  const wayBack = useWayBack();
  return (
    <Anchor
      component={Link}
      to={props.path + wayBack}
      state={{ email: props.email }}
      underline="always"
      inherit
    >
      {props.children}
    </Anchor>
  );
}

/** The email that was written on the page before. */
export function useStartEmail(): string {
  const state: unknown = useLocation().state;
  const email = typeof state === "object" && state !== null && "email" in state ? state.email : null;
  return typeof email === "string" ? email : "";
}
