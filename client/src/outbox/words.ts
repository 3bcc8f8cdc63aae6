import { DID_NOT_GO_THROUGH, UNREACHABLE } from "../api/words";
import type { Failure, FailureKind } from "./failure";
import { MESSAGE_LIMIT } from "./limits";

const WORDS: Readonly<Record<Exclude<FailureKind, "too_many">, string>> = {
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
  interrupted: "This was on its way when the page was closed. Try again: it will not be sent twice.",
  set_aside: "You were writing this. It waits here until you send it.",
};

/** Why a message is not sent and what to do, for the one who wrote it. */
export function inWords({ kind, until }: Failure): string {
  return kind === "too_many" ? tooMany(until) : WORDS[kind];
}

/** By the clock: a number of seconds would be wrong the next moment. */
function tooMany(until: number | null): string {
  const when = until === null ? "Please wait a moment" : `Please wait until ${CLOCK.format(until)}`;
  return `Those were many messages at once. ${when}, then try again.`;
}

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
