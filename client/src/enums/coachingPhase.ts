// Generated from server/enums/coaching_phase.py: do not edit, `make generate` writes it anew.

/** The ten phases, in the order in which a user walks through them. */
export const CoachingPhase = {
  INTRODUCTION: "introduction",
  GET_TO_KNOW_YOU: "get_to_know_you",
  IDENTITY_WARM_UP: "identity_warm_up",
  IDENTITY_BRAINSTORMING: "identity_brainstorming",
  BRAINSTORMING_REVIEW: "brainstorming_review",
  IDENTITY_REFINEMENT: "identity_refinement",
  ANYTHING_MISSING: "anything_missing",
  IDENTITY_COMMITMENT: "identity_commitment",
  I_AM_STATEMENT: "i_am_statement",
  IDENTITY_VISUALIZATION: "identity_visualization",
} as const;

export type CoachingPhase = (typeof CoachingPhase)[keyof typeof CoachingPhase];

/** What a person reads, in canonical order. */
export const COACHING_PHASE_LABELS: Readonly<Record<CoachingPhase, string>> = {
  introduction: "Introduction",
  get_to_know_you: "Get to Know You",
  identity_warm_up: "Identity Warm Up",
  identity_brainstorming: "Identity Brainstorming",
  brainstorming_review: "Brainstorming Review",
  identity_refinement: "Identity Refinement",
  anything_missing: "Anything Missing",
  identity_commitment: "Identity Commitment",
  i_am_statement: "I Am Statement",
  identity_visualization: "Identity Visualization",
};
