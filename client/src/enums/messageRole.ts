// Generated from server/enums/message_role.py: do not edit, `make generate` writes it anew.

/** The author of a chat message. */
export const MessageRole = {
  USER: "user",
  COACH: "coach",
} as const;

export type MessageRole = (typeof MessageRole)[keyof typeof MessageRole];

/** What a person reads, in canonical order. */
export const MESSAGE_ROLE_LABELS: Readonly<Record<MessageRole, string>> = {
  user: "User",
  coach: "Coach",
};
