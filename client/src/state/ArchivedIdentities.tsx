import { Loader, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useId } from "react";
import { useArchivedIdentities } from "../api/queries";
import classes from "./ArchivedIdentities.module.css";
import { Disclosure } from "./Disclosure";
import { IdentityCard } from "./IdentityCard";

/** The identities that were put away, fetched when someone asks for them. */
export function ArchivedIdentities() {
  const [isOpen, { toggle }] = useDisclosure(false);
  const id = useId();
  return (
    <>
      <Disclosure
        isOpen={isOpen}
        onToggle={toggle}
        more="Show archived identities"
        less="Hide archived identities"
        controls={id}
      />
      <div className={classes.archived} id={id}>
        {isOpen && <Archived />}
      </div>
    </>
  );
}

function Archived() {
  const { data: identities, isError } = useArchivedIdentities(true);
  if (identities === undefined) {
    return isError ? <Quiet>These cannot be shown right now.</Quiet> : <Loader size="sm" />;
  }
  if (identities.length === 0) {
    return <Quiet>No archived identities.</Quiet>;
  }
  return identities.map((identity) => <IdentityCard key={identity.id} identity={identity} />);
}

function Quiet({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}
