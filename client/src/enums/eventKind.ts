// Generated from server/enums/event_kind.py: do not edit, `make generate` writes it anew.

/** The `event` name of a stored event. */
export const EventKind = {
  MESSAGE: "message",
  ACTION: "action",
  COACH_STATE: "coach_state",
} as const;

export type EventKind = (typeof EventKind)[keyof typeof EventKind];

/** What a person reads, in canonical order. */
export const EVENT_KIND_LABELS: Readonly<Record<EventKind, string>> = {
  message: "Message",
  action: "Action",
  coach_state: "Coach State",
};
