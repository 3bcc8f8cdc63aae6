import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { AccountChanged, askSession, requestAs } from "../api/account";
import { isPassing, Problem } from "../api/http";
import { keys } from "../api/keys";
import { sessionOptions } from "../api/options";
import { askedPauseMs, pause } from "../api/pause";
import type { Message, MessagePage, MessagePair } from "../api/types";
import { MessageRole } from "../enums/messageRole";
import { foldAnswer } from "../live/fold";
import { Store } from "../live/store";
import { type Failure, failure, failureOf } from "./failure";
import { settled, whenSignedIn, withEdited, withFailed, without, withoutMargins } from "./kept";
import { isTooLong } from "./limits";
import { type Kept, keep, type NotSent, recall, type Turn } from "./storage";

/** The coach may think for two minutes. */
const ANSWER_MS = 150_000;

/** After each attempt that did not reach the coach, so long until the next one; after the last the user is told. */
export const PAUSES_MS: readonly number[] = [1_000, 3_000, 9_000];

/** What a reload has interrupted goes on by itself if it is not older than this. */
export const FRESH_MS = 15 * 60_000;

type Pages = InfiniteData<MessagePage, string | null>;

/**
 * What the user writes, and what of it is on its way, kept where a reload finds it.
 *
 * A message has one idempotency key from when it is first sent until it is answered or changed: however often and from
 * whichever tab it is sent, the server takes one turn for it. The messages of the conversation bear it too, so a turn
 * of which the stream has told is done, whatever became of the request.
 */
export class Outbox {
  readonly state: Store<Kept>;
  readonly #client: QueryClient;
  readonly #userId: string;
  #attempt: AbortController | undefined;
  /** The key of the message that is being sent from this page. */
  #sending: string | undefined;
  /** How often the chat had been reset when this page gave a message its key. */
  readonly #resetsAt = new Map<string, number>();

  constructor(client: QueryClient, userId: string) {
    this.#client = client;
    this.#userId = userId;
    this.state = new Store(recall(userId));
  }

  readonly setDraft = (draft: string): void => this.#set({ ...this.state.get(), draft });

  readonly send = (): void => {
    const kept = this.state.get();
    const content = withoutMargins(kept.draft);
    if (kept.underWay !== null || content === "" || isTooLong(content)) return;
    const turn = kept.inBox?.content === content ? kept.inBox : this.#newTurn(content);
    this.#begin(turn, { ...kept, draft: "", inBox: null });
  };

  /** Sends one that stands aside, or asks for the answer to one that has arrived, perhaps from another tab. */
  readonly tryAgain = (key: string): void => {
    const kept = this.state.get();
    const turn = kept.aside.find((one) => one.key === key) ?? this.#arrived(key);
    if (kept.underWay !== null || turn === undefined) return;
    if (!isTooLong(turn.content)) this.#begin(turn, { ...kept, aside: without(kept.aside, key) });
    else this.#set({ ...kept, aside: kept.aside.map((one) => (one === turn ? tooLong(turn) : one)) });
  };

  /** Brings one that stands aside into the box. */
  readonly edit = (key: string): void => this.#set(withEdited(this.state.get(), key, this.#newTurn));

  /** Forgets one that stands aside. */
  readonly discard = (key: string): void => {
    const kept = this.state.get();
    this.#set({ ...kept, aside: without(kept.aside, key) });
  };

  /** Goes on with what a reload, or a time of being signed out, has interrupted. */
  readonly resume = (): void => {
    this.#set(whenSignedIn(this.state.get()));
    const { underWay } = this.state.get();
    if (underWay === null || underWay.isAnswered || this.#sending === underWay.key) return;
    if (Date.now() - underWay.since > FRESH_MS) this.#fail(underWay, failure("interrupted"));
    else void this.#deliver(underWay);
  };

  /** The conversation has changed: it may tell of what was sent. */
  readonly settle = (): void => this.#set(this.state.get());

  /** The line is back: what went over the old one, or waits, is sent at once. */
  readonly hurry = (): void => this.#attempt?.abort();

  readonly #newTurn = (content: string): Turn => {
    const key = newKey();
    this.#resetsAt.set(key, this.#resets());
    return { content, key, since: Date.now() };
  };

  #begin({ content, key }: Turn, rest: Kept): void {
    const turn = { content, key, since: Date.now() };
    this.#set({ ...rest, underWay: { ...turn, isAnswered: false } });
    void this.#deliver(turn);
  }

  async #deliver(turn: Turn): Promise<void> {
    this.#sending = turn.key;
    try {
      const pair = await this.#postUntilAnswered(turn);
      if (pair !== null && this.#isUnderWay(turn)) this.#take(turn, pair);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) askSession(this.#client);
      this.#fail(turn, failureOf(error));
    } finally {
      if (this.#sending === turn.key) this.#sending = undefined;
    }
  }

  /** Null where the conversation has told of the answer meanwhile. */
  async #postUntilAnswered(turn: Turn): Promise<MessagePair | null> {
    let failures = 0;
    for (;;) {
      this.settle();
      if (!this.#isUnderWay(turn)) return null;
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

  #isUnderWay({ key }: Turn): boolean {
    return this.state.get().underWay?.key === key;
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

  /**
   * Puts the answer into the conversation, unless that is another one than when the message was written. Where this page
   * does not know, the answer may be old: what is to be shown of it, the stream tells. Where there is no conversation
   * yet, the message stays in sight until there is one.
   */
  #take(turn: Turn, pair: MessagePair): void {
    const { key } = turn;
    if (this.#messages() === null) {
      this.#set({ ...this.state.get(), underWay: { ...turn, isAnswered: true } });
      this.#askForMessages();
      return;
    }
    if (this.#resetsAt.get(key) === this.#resets()) {
      this.#client.setQueryData<Pages>(
        keys.messages(this.#userId),
        (known) => known && { ...known, pages: foldAnswer(known.pages, pair) },
      );
    }
    this.#set({ ...this.state.get(), underWay: null });
  }

  #askForMessages(): void {
    const queryKey = keys.messages(this.#userId);
    void this.#client.refetchQueries({ queryKey, type: "active" }, { cancelRefetch: false });
  }

  #fail(turn: Turn, why: Failure): void {
    const kept = this.state.get();
    if (kept.underWay?.key !== turn.key) return;
    const { hasArrived = false } = kept.underWay;
    this.#set(withFailed(kept, { ...turn, hasArrived, failure: why }));
  }

  #resets(): number {
    return this.#client.getQueryData<number>(keys.resets(this.#userId)) ?? 0;
  }

  #arrived(key: string): Turn | undefined {
    const message = this.#messages()?.find(
      ({ idempotency_key, role }) => idempotency_key === key && role === MessageRole.USER,
    );
    return message && { content: message.content, key, since: Date.now() };
  }

  /** Newest first; null while the conversation is not here. */
  #messages(): Message[] | null {
    return this.#pages()?.flatMap(({ items }) => items) ?? null;
  }

  #pages(): readonly MessagePage[] | undefined {
    return this.#client.getQueryData<Pages>(keys.messages(this.#userId))?.pages;
  }

  #set(changed: Kept): void {
    const messages = this.#messages();
    const isWhole = this.#pages()?.at(-1)?.next_cursor === null;
    const kept = messages === null ? changed : settled(changed, messages, isWhole);
    if (kept === this.state.get()) return;
    keep(this.#userId, kept);
    this.state.set(kept);
  }
}

function tooLong(turn: Turn): NotSent {
  return { ...turn, failure: failure("too_long") };
}

/** Not `crypto.randomUUID`, which a page has only over HTTPS. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
