// Generated from server/enums/action_type.py: do not edit, `make generate` writes it anew.

/** What a coach may do to a user's state. */
export const ActionType = {
  CREATE_IDENTITY: "create_identity",
  UPDATE_IDENTITY_NAME: "update_identity_name",
  UPDATE_I_AM_STATEMENT: "update_i_am_statement",
  UPDATE_IDENTITY_VISUALIZATION: "update_identity_visualization",
  ADD_IDENTITY_NOTE: "add_identity_note",
  ACCEPT_IDENTITY: "accept_identity",
  ACCEPT_IDENTITY_REFINEMENT: "accept_identity_refinement",
  ACCEPT_IDENTITY_COMMITMENT: "accept_identity_commitment",
  ACCEPT_I_AM_STATEMENT: "accept_i_am_statement",
  ACCEPT_IDENTITY_VISUALIZATION: "accept_identity_visualization",
  ARCHIVE_IDENTITY: "archive_identity",
  NEST_IDENTITY: "nest_identity",
  COMBINE_IDENTITIES: "combine_identities",
  TRANSITION_PHASE: "transition_phase",
  SELECT_IDENTITY_FOCUS: "select_identity_focus",
  SKIP_IDENTITY_CATEGORY: "skip_identity_category",
  UNSKIP_IDENTITY_CATEGORY: "unskip_identity_category",
  UPDATE_WHO_YOU_ARE: "update_who_you_are",
  UPDATE_WHO_YOU_WANT_TO_BE: "update_who_you_want_to_be",
  UPDATE_ASKED_QUESTIONS: "update_asked_questions",
  SET_CURRENT_IDENTITY: "set_current_identity",
  ADD_USER_NOTE: "add_user_note",
  UPDATE_USER_NOTE: "update_user_note",
  DELETE_USER_NOTE: "delete_user_note",
} as const;

export type ActionType = (typeof ActionType)[keyof typeof ActionType];

/** What a person reads, in canonical order. */
export const ACTION_TYPE_LABELS: Readonly<Record<ActionType, string>> = {
  create_identity: "Create Identity",
  update_identity_name: "Update Identity Name",
  update_i_am_statement: "Update I Am Statement",
  update_identity_visualization: "Update Identity Visualization",
  add_identity_note: "Add Identity Note",
  accept_identity: "Accept Identity",
  accept_identity_refinement: "Accept Identity Refinement",
  accept_identity_commitment: "Accept Identity Commitment",
  accept_i_am_statement: "Accept I Am Statement",
  accept_identity_visualization: "Accept Identity Visualization",
  archive_identity: "Archive Identity",
  nest_identity: "Nest Identity",
  combine_identities: "Combine Identities",
  transition_phase: "Transition Phase",
  select_identity_focus: "Select Identity Focus",
  skip_identity_category: "Skip Identity Category",
  unskip_identity_category: "Unskip Identity Category",
  update_who_you_are: "Update Who You Are",
  update_who_you_want_to_be: "Update Who You Want to Be",
  update_asked_questions: "Update Asked Questions",
  set_current_identity: "Set Current Identity",
  add_user_note: "Add User Note",
  update_user_note: "Update User Note",
  delete_user_note: "Delete User Note",
};
