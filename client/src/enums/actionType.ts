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
  create_identity: "Create an identity",
  update_identity_name: "Rename an identity",
  update_i_am_statement: "Write an I am statement",
  update_identity_visualization: "Write a visualization",
  add_identity_note: "Add a note to an identity",
  accept_identity: "Accept an identity",
  accept_identity_refinement: "Accept a refined identity",
  accept_identity_commitment: "Commit to an identity",
  accept_i_am_statement: "Accept an I am statement",
  accept_identity_visualization: "Accept a visualization",
  archive_identity: "Archive an identity",
  nest_identity: "Nest one identity in another",
  combine_identities: "Combine two identities",
  transition_phase: "Move to another phase",
  select_identity_focus: "Turn the focus to a category",
  skip_identity_category: "Leave out a category",
  unskip_identity_category: "Take in a category again",
  update_who_you_are: "Write down who you are",
  update_who_you_want_to_be: "Write down who you want to be",
  update_asked_questions: "Note that a question was asked",
  set_current_identity: "Turn to an identity",
  add_user_note: "Add a note about you",
  update_user_note: "Change a note about you",
  delete_user_note: "Delete a note about you",
};
