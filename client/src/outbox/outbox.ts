import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { AccountChanged, askSession, requestAs } from "../api/account";
import { isPassing, Problem } from "../api/http";
import { keys } from "../api/keys";
import { sessionOptions } from "../api/options";
import { askedPauseMs, pause } from "../api/pause";
import type { MessagePage, MessagePair } from "../api/types";
import { foldAnswer } from "../live/fold";
import { Store } from "../live/store";
import { isTooLong } from "./limits";
import { type Kept, keep, NOTHING, recall, type Turn } from "./storage";
import { MAYBE_UNSENT, MORE_TO_COME, TOO_LONG, wordsFor } from "./words";

/** The coach may think for two minutes. */
const ANSWER_MS = 150_000;

/** After each attempt that did not reach the coach, so long until the next one; after the last the user is told. */
export const PAUSES_MS: readonly number[] = [1_000, 3_000, 9_000];

/** What a reload has interrupted goes on by itself if it is not older than this. */
export const FRESH_MS = 15 * 60_000;

type Pages = InfiniteData<MessagePage, string | null>;
type OnAnswer = (pair: MessagePair) => void;

/**
 * What the user writes, and what of it is on its way, kept where a reload finds it.
 *
 * A message has one idempotency key from when it is first sent until it is answered or changed: however often and from
 * whichever tab it is sent, the server takes one turn for it.
 */
export class Outbox {
  readonly state: Store<Kept>;
  readonly #client: QueryClient;
  readonly #userId: string;
  #attempt: AbortController | undefined;

  constructor(client: QueryClient, userId: string) {
    this.#client = client;
    this.#userId = userId;
    this.state = new Store(recall(userId));
  }

  readonly setDraft = (draft: string): void => this.#set({ draft, failure: null });

  readonly send = (): void => {
    const { draft, next, underWay, failed } = this.state.get();
    const content = withoutMargins(draft);
    if (underWay !== null || content === "") return;
    if (isTooLong(content)) {
      this.#set({ failure: TOO_LONG });
      return;
    }
    const turn = failed?.content === content ? failed : this.#newTurn(content);
    this.#set({ ...NOTHING, draft: next, underWay: turn });
    void this.#deliver(turn, this.#folding());
  };

  /** Forgets what failed. */
  readonly discard = (): void => {
    const { next, underWay } = this.state.get();
    this.#set({ ...NOTHING, draft: next, underWay });
  };

  /** Goes on with what a reload has interrupted. */
  readonly resume = (): void => {
    const { underWay } = this.state.get();
    if (underWay === null || this.#attempt !== undefined) return;
    if (Date.now() - underWay.since > FRESH_MS) this.#giveBack(underWay, MAYBE_UNSENT);
    // The answer may be old, and the chat reset since: what is to be shown of it, the stream tells.
    else void this.#deliver(underWay, () => {});
  };

  /** The line is back: what went over the old one, or waits, is sent at once. */
  readonly hurry = (): void => this.#attempt?.abort();

  #newTurn(content: string): Turn {
    const known = this.#client.getQueryData<Pages>(keys.messages(this.#userId));
    return { content, key: newKey(), since: Date.now(), after: known?.pages[0]?.items[0]?.id ?? null };
  }

  async #deliver(turn: Turn, onAnswer: OnAnswer): Promise<void> {
    try {
      onAnswer(await this.#postUntilAnswered(turn));
      this.#set({ underWay: null });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) askSession(this.#client);
      this.#giveBack(turn, wordsFor(error));
    } finally {
      this.#attempt = undefined;
    }
  }

  async #postUntilAnswered(turn: Turn): Promise<MessagePair> {
    let failures = 0;
    for (;;) {
      const attempt = new AbortController();
      this.#attempt = attempt;
      try {
        return await this.#post(turn, attempt.signal);
      } catch (error) {
        if (attempt.signal.aborted) continue;
        const pauseMs = PAUSES_MS[failures];
        if (!isPassing(error) || pauseMs === undefined) throw error;
        failures += 1;
        await pause(Math.max(pauseMs, askedPauseMs(error)), attempt.signal);
      }
    }
  }

  async #post(turn: Turn, signal: AbortSignal): Promise<MessagePair> {
    try {
      return await this.#postOnce(turn, signal);
    } catch (error) {
      const isForbidden = error instanceof Problem && error.status === 403;
      if (!isForbidden && !(error instanceof AccountChanged)) throw error;
      // The CSRF cookie is gone, or another one by a sign-in elsewhere, perhaps of the same user: the session tells.
      await this.#client.fetchQuery({ ...sessionOptions, staleTime: 0 }).catch(() => null);
      return await this.#postOnce(turn, signal);
    }
  }

  async #postOnce({ content, key }: Turn, signal: AbortSignal): Promise<MessagePair> {
    const headers = { "Idempotency-Key": key };
    const options = { body: { content }, headers, signal, timeoutMs: ANSWER_MS };
    return (await requestAs<MessagePair>(this.#client, this.#userId, "POST", "/messages", options)).data;
  }

  /** Puts the answer into the conversation, unless that is another one by then. */
  #folding(): OnAnswer {
    const resets = () => this.#client.getQueryData<number>(keys.resets(this.#userId)) ?? 0;
    const before = resets();
    return (pair) => {
      if (resets() !== before) return;
      this.#client.setQueryData<Pages>(
        keys.messages(this.#userId),
        (known) => known && { ...known, pages: foldAnswer(known.pages, pair) },
      );
    };
  }

  /** The text goes back into the box. What has been written there since waits until it is sent. */
  #giveBack(turn: Turn, why: string): void {
    const { draft, next } = this.state.get();
    const since = [draft, next].filter((text) => text.trim() !== "").join("\n\n");
    const failure = since === "" ? why : `${why} ${MORE_TO_COME}`;
    this.#set({ draft: turn.content, next: since, underWay: null, failed: turn, failure });
  }

  #set(changed: Partial<Kept>): void {
    const kept = { ...this.state.get(), ...changed };
    keep(this.#userId, kept);
    this.state.set(kept);
  }
}

/** Without the empty lines before and the space behind; the first line may be indented. */
function withoutMargins(text: string): string {
  return text.replace(/^\s*\n/, "").trimEnd();
}

/** Not `crypto.randomUUID`, which a page has only over HTTPS. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
