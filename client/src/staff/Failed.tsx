import { Alert, Button } from "@mantine/core";
import { useNavigate } from "react-router";
import { isGone, whyNot } from "./sentences";

interface Props {
  /** "The scenarios could not be loaded." */
  what: string;
  error: Error;
  retry: () => void;
  isRetrying: boolean;
}

/** Says that something could not be loaded, and why. */
export function Failed({ what, error, retry, isRetrying }: Props) {
  return (
    <Alert color="red" role="alert">
      {what} {whyNot(error)}{" "}
      <Button variant="default" size="xs" onClick={retry} loading={isRetrying}>
        Try again
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

interface QueryOf {
  error: Error | null;
  isFetching: boolean;
  refetch: () => unknown;
}

/** Where what is shown may be old, because the last try to fetch it failed. */
export function MayBeOld({ query }: { query: QueryOf }) {
  if (!query.error || isGone(query.error)) return null;
  return (
    <Failed
      what="This may not be up to date."
      error={query.error}
      retry={() => void query.refetch()}
      isRetrying={query.isFetching}
    />
  );
}
