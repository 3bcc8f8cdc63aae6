import { useMemo } from "react";
import { idsIn } from "../actions/readable";
import { useArchivedIdentities, useUserNotes, useUserState } from "../api/queries";
import type { Identity, UserNote } from "../api/types";

/** What the ids in an action's parameters stand for, as far as it is still there. */
export function useNames(parameters: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const state = useUserState();
  const notes = useUserNotes();
  const live = useMemo(() => namesOf(state.data?.identities, notes.data), [state.data, notes.data]);
  const archived = useArchivedIdentities(state.isSuccess && idsIn(parameters).some((id) => !live.has(id)));
  return useMemo(() => new Map([...namesOf(archived.data, []), ...live]), [archived.data, live]);
}

function namesOf(identities: Identity[] = [], notes: UserNote[] = []): Map<string, string> {
  return new Map([
    ...identities.map(({ id, name }) => [id, name] as const),
    ...notes.map(({ id, note }) => [id, note] as const),
  ]);
}
