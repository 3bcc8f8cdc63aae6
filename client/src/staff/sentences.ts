import { isPassing, Problem } from "../api/http";
import { DID_NOT_GO_THROUGH, UNREACHABLE } from "../api/words";
import { sentence } from "../page/sentence";

const BROKEN =
  "The server met an error of its own: try again, and where that does not help, look at its log.";

/** Why something that was asked for did not happen; what the server says of it where it does. */
export function whyNot(error: unknown): string {
  if (!(error instanceof Problem) || isPassing(error)) return UNREACHABLE;
  if (error.status >= 500) return BROKEN;
  if (error.status === 401 || error.status === 403) return DID_NOT_GO_THROUGH;
  if (error.errors.length > 0) return error.errors.map(({ msg }) => asSentence(msg)).join(" ");
  return sentence(error.detail || error.title);
}

/** The server's words for one fault, which begin as a part of a sentence does. */
export function asSentence(words: string): string {
  return sentence(words.charAt(0).toUpperCase() + words.slice(1));
}

export function isGone(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}

/** "1 scenario", "3 scenarios". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${NUMBER.format(count)} ${count === 1 ? one : many}`;
}

const NUMBER = new Intl.NumberFormat("en");

/** Who did it: an email, or nobody where it was done by the command. */
export function byWhom(email: string): string {
  return email === "" ? "by command" : `by ${email}`;
}
