import { Alert, Button } from "@mantine/core";
import { useState } from "react";
import { useNavigate } from "react-router";
import { held } from "../page/held";
import { useFocusHandedOn } from "../page/useFocusHandedOn";
import { useHeading } from "./heading";
import { isGone, whyNot } from "./sentences";

/** As much of a query as tells that it failed, and how it is made again. */
export interface Fetching {
  error: Error | null;
  refetch: (options: { cancelRefetch: boolean }) => Promise<unknown>;
}

interface Props {
  /** "The scenarios could not be loaded." */
  what: string;
  query: Fetching;
}

/** Says that something could not be loaded, and why. */
export function Failed({ what, query }: Props) {
  const handOn = useFocusHandedOn(useHeading());
  const [isTrying, setIsTrying] = useState(false);
  const tryAgain = async () => {
    setIsTrying(true);
    await query.refetch({ cancelRefetch: false });
    setIsTrying(false);
  };
  return (
    <Alert color="red" role="alert">
      {what} {whyNot(query.error)}{" "}
      <Button
        ref={handOn}
        variant="default"
        size="xs"
        onClick={() => (isTrying ? undefined : void tryAgain())}
        {...held(isTrying)}
      >
        {isTrying ? "Trying again…" : "Try again"}
      </Button>
    </Alert>
  );
}

/** In the place of one that is not there, or not any more. */
export function Gone({ what, list, name }: { what: string; list: string; name: string }) {
  const navigate = useNavigate();
  return (
    <Alert color="red" role="alert">
      {what}{" "}
      <Button variant="default" size="xs" onClick={() => void navigate(list)}>
        {name}
      </Button>
    </Alert>
  );
}

/** Where what is shown may be old, because the last try to fetch it failed. */
export function MayBeOld({ query }: { query: Fetching }) {
  if (!query.error || isGone(query.error)) return null;
  return <Failed what="This may not be up to date." query={query} />;
}
