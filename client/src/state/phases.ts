import { CoachingPhase } from "../enums/coachingPhase";

/** In walking order. */
export const PHASES = Object.values(CoachingPhase);

/** "Phase 2 of 10" */
export function phaseInWords(phase: CoachingPhase): string {
  return `Phase ${PHASES.indexOf(phase) + 1} of ${PHASES.length}`;
}
