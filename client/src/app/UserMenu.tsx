import { ActionIcon, Alert, Menu, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconEraser, IconExternalLink, IconLogout, IconRepeat, IconUserCircle } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { useSignOut } from "../api/queries";
import type { User } from "../api/types";
import { ResetChat } from "./ResetChat";
import { SchemeItems } from "./SchemeItems";
import classes from "./UserMenu.module.css";

interface Props {
  user: User;
  flowerUrl: string | null;
}

/** What concerns the user and not one page: colours, starting over, signing out. */
export function UserMenu({ user, flowerUrl }: Props) {
  const [isResetting, resetting] = useDisclosure(false);
  const button = useRef<HTMLButtonElement>(null);
  const signOut = useSignOut();
  useEffect(() => {
    if (signOut.isError) button.current?.focus();
  }, [signOut.isError]);
  return (
    <>
      <Menu
        position="bottom-end"
        width={240}
        closeOnItemClick
        withinPortal={false}
        withInitialFocusPlaceholder={false}
      >
        <Menu.Target>
          <ActionIcon
            ref={button}
            variant="subtle"
            size="lg"
            radius="xl"
            aria-label="Your menu"
            loading={signOut.isPending}
          >
            <IconUserCircle stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label className={classes.email}>{user.email}</Menu.Label>
          <SchemeItems />
          {user.is_staff && <StaffItems flowerUrl={flowerUrl} />}
          <Menu.Divider />
          <Menu.Item leftSection={<IconEraser size={18} />} onClick={resetting.open}>
            Reset the chat…
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={18} />} onClick={() => signOut.mutate()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {signOut.isError && (
        <Alert
          color="red"
          role="alert"
          withCloseButton
          closeButtonLabel="Close"
          onClose={signOut.reset}
          className={classes.failure}
        >
          Signing out did not work. Please try again.
        </Alert>
      )}
      <ResetChat isOpen={isResetting} close={resetting.close} onClosed={() => button.current?.focus()} />
    </>
  );
}

const STAFF_PAGES = [
  { href: "/admin/", name: "Admin" },
  { href: "/api/v1/docs", name: "API pages" },
];

function StaffItems({ flowerUrl }: { flowerUrl: string | null }) {
  const pages = flowerUrl ? [...STAFF_PAGES, { href: flowerUrl, name: "Flower" }] : STAFF_PAGES;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>For staff</Menu.Label>
      <Menu.Item component={Link} to="/scenarios" leftSection={<IconRepeat size={18} />}>
        Scenarios and replays
      </Menu.Item>
      {pages.map(({ href, name }) => (
        <Menu.Item
          key={href}
          component="a"
          href={href}
          target="_blank"
          rel="noopener noreferrer"
          leftSection={<IconExternalLink size={18} />}
        >
          {name}
          <VisuallyHidden component="span"> (in a new tab)</VisuallyHidden>
        </Menu.Item>
      ))}
    </>
  );
}
