// Generated from server/enums/identity_state.py: do not edit, `make generate` writes it anew.

/** A ladder, in declared order; `archived` stands beside it and is final. */
export const IdentityState = {
  PROPOSED: "proposed",
  ACCEPTED: "accepted",
  REFINEMENT_COMPLETE: "refinement_complete",
  COMMITMENT_COMPLETE: "commitment_complete",
  I_AM_COMPLETE: "i_am_complete",
  VISUALIZATION_COMPLETE: "visualization_complete",
  ARCHIVED: "archived",
} as const;

export type IdentityState = (typeof IdentityState)[keyof typeof IdentityState];

/** What a person reads, in canonical order. */
export const IDENTITY_STATE_LABELS: Readonly<Record<IdentityState, string>> = {
  proposed: "Proposed",
  accepted: "Accepted",
  refinement_complete: "Refinement Complete",
  commitment_complete: "Commitment Complete",
  i_am_complete: "I Am Complete",
  visualization_complete: "Visualization Complete",
  archived: "Archived",
};
