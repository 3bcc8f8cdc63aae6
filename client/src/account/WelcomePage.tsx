import { Button, Group, Text, Title } from "@mantine/core";
import { IconHistory, IconListCheck, IconMessageCircle } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { Link, useLocation } from "react-router";
import { useAnnounce } from "../page/announce";
import { useWayBack } from "../page/askedPath";
import { usePageTitle } from "../page/usePageTitle";
import classes from "./WelcomePage.module.css";

const POINTS = [
  {
    Icon: IconMessageCircle,
    title: "You talk",
    text: "Write as you would to a good friend. The coach asks, listens and answers at once.",
  },
  {
    Icon: IconListCheck,
    title: "It becomes something",
    text: "Who you are and who you want to be is written down as you speak, and you see each change as it happens.",
  },
  {
    Icon: IconHistory,
    title: "Nothing is lost",
    text: "Everything that came of your conversations is in your history, in order, with its reason.",
  },
];

/** What someone sees who is not signed in: what this is, and where to begin. */
export function WelcomePage({ wasSignedIn }: { wasSignedIn: boolean }) {
  usePageTitle("Welcome");
  const wayBack = useWayBack();
  const note = useNote(wasSignedIn);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (wasSignedIn) heading.current?.focus();
  }, [wasSignedIn]);
  useSpoken(wasSignedIn ? note : null);
  return (
    <div className={classes.page}>
      <Title order={1} ref={heading} tabIndex={-1} className={classes.title}>
        Find out who you are, and who you want to be.
      </Title>
      <Text size="lg" c="dimmed" className={classes.lead}>
        A coach to talk to, step by step, about the sides of you that matter: what you love, how you live,
        whom you care for.
      </Text>
      {note && <Text className={classes.asked}>{note}</Text>}
      <Group mt="lg">
        <Button component={Link} to={`/sign-up${wayBack}`} size="md">
          Sign up
        </Button>
        <Button component={Link} to={`/sign-in${wayBack}`} size="md" variant="default">
          Sign in
        </Button>
      </Group>
      <ul className={classes.points}>
        {POINTS.map(({ Icon, title, text }) => (
          <li key={title}>
            <Icon aria-hidden="true" stroke={1.6} className={classes.icon} />
            <Title order={2} size="h4">
              {title}
            </Title>
            <Text c="dimmed">{text}</Text>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Says to those who listen why the page is another one now. */
function useSpoken(note: string | null): void {
  const announce = useAnnounce();
  useEffect(() => {
    if (note !== null) announce(note);
  }, [note, announce]);
}

/** What has led here someone who meant to go elsewhere. */
function useNote(wasSignedIn: boolean): string | null {
  const { pathname } = useLocation();
  if (wasSignedIn) return "You are signed out. Sign in to go on where you were.";
  return pathname === "/" ? null : "Sign in to open the page that you asked for.";
}
