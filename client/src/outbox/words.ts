import { DID_NOT_GO_THROUGH, UNREACHABLE } from "../api/words";
import type { Failure, FailureKind } from "./failure";
import { MESSAGE_LIMIT } from "./limits";

const NOT_SET_UP = "The coach is not ready yet. Your message is safe, and you can try again later.";

const MANY = "Those were many messages at once.";
const BUSY = "The coach has a lot to do just now.";
const AWAY = "The coach cannot be reached just now.";

const WORDS: Readonly<Record<FailureKind, string>> = {
  unreachable: UNREACHABLE,
  coach_away: "The coach cannot answer just now. Your message is kept here: try again in a moment.",
  broken: "Something did not work on our side. Your message is kept here: try again in a moment.",
  signed_out: "You are signed out. Your message is kept here: sign in and send it again.",
  not_let_through: DID_NOT_GO_THROUGH,
  overtaken:
    "This message has no answer yet: the coach is still at it, or the chat was reset meanwhile. Look above, then try again.",
  too_long: `A message has at most ${MESSAGE_LIMIT.toLocaleString("en")} characters. Please shorten this one, or send it in parts.`,
  too_large: "This message is too large to be sent. Please shorten it, or send it in parts.",
  refused: "Something in this message cannot be sent, perhaps an invisible character. Please change it.",
  too_many: `${MANY} Please wait a moment, then try again.`,
  interrupted: "This was on its way when the page was closed. Try again: it will not be sent twice.",
  refusal: "The coach would rather not answer this. You can try again, or say it in other words.",
  truncated: "The coach's answer grew too long and was cut off. Please try again.",
  invalid_response: "The coach's answer came out garbled. Please try again.",
  timeout: "The coach is taking longer than usual. Please try again.",
  rate_limit: `${BUSY} Please try again in a moment.`,
  unavailable: `${AWAY} Please try again in a moment.`,
  no_key: NOT_SET_UP,
  wrong_key: NOT_SET_UP,
  wrong_model: NOT_SET_UP,
  set_aside: "You were writing this. It waits here until you send it.",
};

/** What passes by itself, and when that is may be known. */
const PASSING: Readonly<Partial<Record<FailureKind, string>>> = {
  too_many: MANY,
  rate_limit: BUSY,
  unavailable: AWAY,
};

/** Why a message is not sent and what to do, for the one who wrote it. */
export function inWords({ kind, until }: Failure): string {
  const passing = PASSING[kind];
  if (passing === undefined || until === null) return WORDS[kind];
  // By the clock: a number of seconds would be wrong the next moment.
  return `${passing} Please wait until ${CLOCK.format(until)}, then try again.`;
}

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
