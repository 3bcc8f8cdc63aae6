import { Button, Skeleton, Stack, Text } from "@mantine/core";
import { useUserState } from "../api/queries";
import type { UserState } from "../api/types";
import { CoachingPhase } from "../enums/coachingPhase";
import { useRecentChanges } from "../live/LiveProvider";
import { AskedQuestions } from "./AskedQuestions";
import { ChangesOf } from "./changes";
import { Focus } from "./Focus";
import { Identities } from "./Identities";
import { Notes } from "./Notes";
import { PhaseProgress } from "./PhaseProgress";
import { Portrait } from "./Portrait";
import { PHASES } from "./phases";
import classes from "./StatePanel.module.css";

const FIRST_WITH_IDENTITIES = CoachingPhase.IDENTITY_BRAINSTORMING;

/** What has come of the conversation so far, true at every moment. */
export function StatePanel() {
  const changes = useRecentChanges();
  const { data: state, isError, refetch } = useUserState();
  if (state === undefined) {
    return isError ? <Missing retry={refetch} /> : <Awaited />;
  }
  return (
    <ChangesOf changes={changes}>
      <div className={classes.panel}>
        <Parts state={state} />
      </div>
    </ChangesOf>
  );
}

function Parts({ state: { coach_state, identities } }: { state: UserState }) {
  const { current_phase, asked_questions } = coach_state;
  const hasBegun =
    identities.length > 0 || PHASES.indexOf(current_phase) >= PHASES.indexOf(FIRST_WITH_IDENTITIES);
  return (
    <>
      <PhaseProgress current={current_phase} />
      {current_phase === CoachingPhase.GET_TO_KNOW_YOU && <AskedQuestions asked={asked_questions} />}
      {hasBegun && <Focus coachState={coach_state} />}
      <Identities coachState={coach_state} identities={identities} hasBegun={hasBegun} />
      <Portrait coachState={coach_state} />
      <Notes />
    </>
  );
}

function Awaited() {
  return (
    <Stack gap="md" aria-busy aria-label="Loading your progress" role="status">
      <Skeleton height={20} width="60%" />
      <Skeleton height={16} />
      <Skeleton height={96} />
      <Skeleton height={96} />
    </Stack>
  );
}

function Missing({ retry }: { retry: () => unknown }) {
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm">Your progress cannot be shown right now. Nothing of it is lost.</Text>
      <Button size="xs" variant="default" onClick={() => retry()}>
        Try again
      </Button>
    </Stack>
  );
}
