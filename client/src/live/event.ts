import type { components } from "../api/schema";
import type { Action, CoachState, Identity, Message } from "../api/types";

type Schemas = components["schemas"];

/** What the stream tells, once it is read. An event with an `id`, its cursor, is stored; `running` and `message_delta` are not. */
export type LiveEvent =
  | { kind: "message"; id: number; message: Message }
  | { kind: "action"; id: number; action: Action }
  | { kind: "coach_state"; id: number; coach_state: CoachState; identities: Identity[] }
  | { kind: "running"; id: null; action: Action }
  | ({ kind: "message_delta"; id: null } & Schemas["MessageDeltaEvent"])
  | { kind: "unknown"; id: number };

/** What the stream says of itself: from where it goes on, and that everything must be loaded anew. */
export type StreamNote = { kind: "hello"; cursor: number } | { kind: "reset"; id: number };

export interface RawEvent {
  event?: string | undefined;
  id?: string | undefined;
  data: string;
}

/** An event as it came over the line; null for one that says nothing to this version of the page. */
export function readEvent({ event, id, data }: RawEvent): LiveEvent | StreamNote | null {
  const told: unknown = JSON.parse(data);
  const cursor = Number(id);
  switch (event) {
    case "hello":
      return { kind: "hello", cursor: (told as Schemas["HelloEvent"]).cursor };
    case "reset":
      return { kind: "reset", id: cursor };
    case "message":
      return { kind: "message", id: cursor, ...(told as Schemas["MessageEvent"]) };
    case "action":
      return { kind: "action", id: cursor, ...(told as Schemas["ActionEvent"]) };
    case "coach_state":
      return { kind: "coach_state", id: cursor, ...(told as Schemas["CoachStateEvent"]) };
    case "running":
      return { kind: "running", id: null, ...(told as Schemas["RunningEvent"]) };
    case "message_delta":
      return { kind: "message_delta", id: null, ...(told as Schemas["MessageDeltaEvent"]) };
    default:
      return id ? { kind: "unknown", id: cursor } : null;
  }
}

export function isNote(told: LiveEvent | StreamNote): told is StreamNote {
  return told.kind === "hello" || told.kind === "reset";
}
