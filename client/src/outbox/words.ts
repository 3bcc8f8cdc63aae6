import { AccountChanged } from "../api/account";
import { Problem } from "../api/http";
import { DID_NOT_GO_THROUGH, UNREACHABLE } from "../api/words";
import { MESSAGE_LIMIT } from "./limits";

export const TOO_LONG = `A message has at most ${MESSAGE_LIMIT.toLocaleString("en")} characters. Please shorten this one, or send it in parts.`;

export const MAYBE_UNSENT =
  "This message was on its way when the page was closed. If you do not find it above, send it again.";

export const MORE_TO_COME = "What you have written since comes back once this is sent.";

const SIGNED_OUT = "You are signed out. Your message is kept here: sign in and send it again.";
const KEPT = "Your message is kept here: try again in a moment.";

const WORDS: Readonly<Record<number, string>> = {
  401: SIGNED_OUT,
  403: DID_NOT_GO_THROUGH,
  409: "The coach is still thinking about this message, or the chat was reset meanwhile. Look above, then try again.",
  413: "This message is too large to be sent. Please shorten it, or send it in parts.",
};

/** Why a message could not be sent, for the one who wrote it. */
export function wordsFor(error: unknown): string {
  if (error instanceof AccountChanged) return SIGNED_OUT;
  if (!(error instanceof Problem)) return UNREACHABLE;
  const words = WORDS[error.status];
  if (words !== undefined) return words;
  if (error.status === 422) return faultInWords(error);
  if (error.status === 429) return tooMany(error.retryAfterS);
  return `${forPeople(error.detail) || "Something went wrong."} ${KEPT}`;
}

function faultInWords({ errors, detail }: Problem): string {
  const fault = (errors[0]?.msg ?? detail).replace(/\.$/, "");
  return /^[a-z]/.test(fault) ? `The message ${fault}.` : `The message cannot be sent as it is: ${fault}.`;
}

function tooMany(retryAfterS: number | null): string {
  const wait = retryAfterS === null ? "a moment" : `${Math.ceil(retryAfterS)} seconds`;
  return `Those were many messages at once. Please wait ${wait} and try again.`;
}

/** The sentences that do not speak to programs. */
function forPeople(detail: string): string {
  const sentences = detail.match(/[^.!?]+[.!?]/g) ?? [];
  return sentences
    .filter((sentence) => !/idempotency|request/i.test(sentence))
    .join("")
    .trim();
}
