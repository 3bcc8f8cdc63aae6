import type { ReactNode } from "react";
import { Loading } from "../page/Loading";
import { Failed, type Fetching, MayBeOld } from "./Failed";

interface Props<Data> {
  /** "The scenarios". */
  what: string;
  data: Data | undefined;
  query: Fetching;
  children: (data: Data) => ReactNode;
}

/** What was asked for, once it is there; until then, that it comes, or why it does not. */
export function Fetched<Data>({ what, data, query, children }: Props<Data>) {
  if (data !== undefined) {
    return (
      <>
        <MayBeOld query={query} />
        {children(data)}
      </>
    );
  }
  return query.error ? <Failed what={`${what} could not be loaded.`} query={query} /> : <Loading />;
}
