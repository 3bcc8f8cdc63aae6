import { Button, Drawer } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconLayoutSidebarRightExpand } from "@tabler/icons-react";
import { useUserState } from "../api/queries";
import { COACHING_PHASE_LABELS } from "../enums/coachingPhase";
import { useRecentChanges } from "../live/LiveProvider";
import { phaseInWords } from "../state/phases";
import { StatePanel } from "../state/StatePanel";
import classes from "./Beside.module.css";

const NAME = "Your progress";
const WIDE = "(min-width: 62em)";

/** Whether there is room for the state beside the conversation. */
export function useIsWide(): boolean {
  return useMediaQuery(WIDE, false, { getInitialValueInEffect: false });
}

/** What has come of the conversation so far, beside it. */
export function StateBeside() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <aside className={classes.aside} aria-label={NAME} tabIndex={0}>
      <StatePanel />
    </aside>
  );
}

/** The same where there is no room beside it: behind a button. */
export function StateInDrawer() {
  const [isOpen, { open, close }] = useDisclosure(false);
  const hasChanged = useRecentChanges().length > 0;
  return (
    <div className={classes.bar}>
      <PhaseInWords />
      <Button
        variant="default"
        size="xs"
        leftSection={<IconLayoutSidebarRightExpand size={16} aria-hidden />}
        rightSection={
          hasChanged && !isOpen && <span className={classes.changed} role="img" aria-label="changed" />
        }
        aria-haspopup="dialog"
        onClick={open}
      >
        {NAME}
      </Button>
      <Drawer
        opened={isOpen}
        onClose={close}
        position="right"
        size="min(24rem, 92vw)"
        title={NAME}
        styles={{ title: { fontWeight: 650 } }}
      >
        <StatePanel />
      </Drawer>
    </div>
  );
}

function PhaseInWords() {
  const phase = useUserState().data?.coach_state.current_phase;
  if (phase === undefined) return <span />;
  return (
    <span className={classes.phase}>
      {phaseInWords(phase)}: <strong>{COACHING_PHASE_LABELS[phase]}</strong>
    </span>
  );
}
