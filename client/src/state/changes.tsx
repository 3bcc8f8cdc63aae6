import { createContext, type ReactNode, useContext } from "react";
import type { Change } from "../live/LiveProvider";

const IDENTITY = "identity:";

const Changes = createContext<readonly Change[]>([]);

/** Gives the panel's parts what has changed a moment ago. */
export function ChangesOf({ changes, children }: { changes: readonly Change[]; children: ReactNode }) {
  return <Changes value={changes}>{children}</Changes>;
}

/** The latest change of one of `keys`, for as long as it is news. */
export function useChange(keys: readonly string[]): Change | null {
  return latest(useContext(Changes).filter((change) => keys.includes(change.key)));
}

/** The latest change of each identity, by its id. */
export function useChangedIdentities(): ReadonlyMap<string, Change> {
  const changes = useContext(Changes);
  return new Map(
    changes
      .filter(({ key }) => key.startsWith(IDENTITY))
      .sort((one, other) => one.since - other.since)
      .map((change) => [change.key.slice(IDENTITY.length), change]),
  );
}

/** The last one; of two at one time the later in the list. */
export function latest(changes: readonly Change[]): Change | null {
  return changes.reduce<Change | null>(
    (last, change) => (last === null || change.since >= last.since ? change : last),
    null,
  );
}
