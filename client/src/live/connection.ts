import { createParser } from "eventsource-parser";
import { AccountChanged } from "../api/account";
import { API, problemOf, Unreachable } from "../api/http";
import { askedPauseMs, pause } from "../api/pause";
import { isNote, type LiveEvent, type RawEvent, readEvent } from "./event";
import { Store } from "./store";

export type LiveStatus = "connecting" | "live" | "reconnecting";

/** Without a sign of life for so long, an open stream is dead; a comment comes every 15 s. */
export const SILENCE_MS = 40_000;
/** How long the server may take to open one. */
export const OPENING_MS = 10_000;
const LOOK_EVERY_MS = 5_000;

/** A hidden page gives its stream up after this time: a browser has six connections for all its tabs. */
export const HIDDEN_MS = 10_000;

const SHORTEST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** A stream that was live for so long was not a failure. */
const STEADY_MS = 5_000;

export interface Listener {
  /** The last event that is known. */
  readonly cursor: number | null;
  take(event: LiveEvent): void;
  reset(cursor: number): void;
  /** Whether the browser's session, by which the stream was opened, is still the page's user's. */
  isOwn(): boolean;
  onSignedOut(): void;
}

/** The user's event stream: opened, watched, and opened again after whatever may end it, from the last event on. */
export class Connection {
  readonly status = new Store<LiveStatus>("connecting");
  readonly #listener: Listener;
  #stream: AbortController | undefined;
  #pausing: AbortController | undefined;
  #hiding: ReturnType<typeof setTimeout> | undefined;
  #isResting = false;
  #failures = 0;
  #liveSince: number | undefined;
  #lastSign = 0;
  #patienceMs = SILENCE_MS;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Opens the stream and keeps it open; answers how to stop. */
  start(): () => void {
    const running = new AbortController();
    const { signal } = running;
    document.addEventListener("visibilitychange", this.#onVisibility, { signal });
    window.addEventListener("pageshow", this.#onVisibility, { signal });
    window.addEventListener("focus", this.#look, { signal });
    window.addEventListener("online", this.#hurry, { signal });
    window.addEventListener("offline", this.#drop, { signal });
    const looking = setInterval(this.#look, LOOK_EVERY_MS);
    this.#onVisibility();
    void this.#run(signal);
    return () => {
      running.abort();
      clearInterval(looking);
      clearTimeout(this.#hiding);
      this.#drop();
      this.#hurry();
    };
  }

  async #run(running: AbortSignal): Promise<void> {
    while (!running.aborted) {
      const failure = await this.#streamOnce();
      if (running.aborted) return;
      if (!this.#isResting) await this.#pause(failure, running);
      while (this.#isResting && !running.aborted) await this.#sleep(Number.POSITIVE_INFINITY);
    }
  }

  /** Opens the stream and follows it to its end. Answers why it ended, if not by the server's will. */
  async #streamOnce(): Promise<unknown> {
    const stream = new AbortController();
    this.#stream = stream;
    this.#seeSign(OPENING_MS);
    try {
      await this.#follow(await this.#open(stream.signal));
      return undefined;
    } catch (error) {
      return error;
    } finally {
      stream.abort();
      if (this.#stream === stream) this.#stream = undefined;
    }
  }

  async #open(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { cursor } = this.#listener;
    const response = await fetch(`${API}/events${cursor === null ? "" : `?after=${cursor}`}`, {
      headers: { Accept: "text/event-stream" },
      cache: "no-store",
      signal,
    });
    if (response.status === 401) this.#listener.onSignedOut();
    if (!response.ok) throw await problemOf(response);
    const isStream = response.headers.get("Content-Type")?.startsWith("text/event-stream");
    if (!isStream || response.body === null)
      throw new Unreachable("Something else than the server has answered.");
    return response.body;
  }

  async #follow(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = createParser({ onEvent: (event) => this.#take(event) });
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.#seeSign(SILENCE_MS);
      parser.feed(decoder.decode(value, { stream: true }));
    }
  }

  #take(raw: RawEvent): void {
    const told = readEvent(raw);
    if (told === null) return;
    if (!isNote(told)) this.#listener.take(told);
    else if (told.kind === "reset") this.#listener.reset(told.id);
    else this.#greet(told.cursor);
  }

  #greet(cursor: number): void {
    if (!this.#listener.isOwn()) throw new AccountChanged("The stream is another account's.");
    this.#liveSince = Date.now();
    this.status.set("live");
    // A stream that is behind what was told already is not the one that it was, as after a restore.
    if (cursor < (this.#listener.cursor ?? 0)) this.#listener.reset(cursor);
  }

  async #pause(failure: unknown, running: AbortSignal): Promise<void> {
    if (this.#liveSince !== undefined && Date.now() - this.#liveSince >= STEADY_MS) this.#failures = 0;
    this.#liveSince = undefined;
    this.status.set("reconnecting");
    const longest = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** this.#failures);
    this.#failures += 1;
    const until = Date.now() + askedPauseMs(failure);
    await this.#sleep(Math.max(until - Date.now(), longest * (0.5 + Math.random() / 2)));
    while (Date.now() < until && !running.aborted) await this.#sleep(until - Date.now());
  }

  /** Waits so long, or until something happens that makes it worth a try. */
  #sleep(ms: number): Promise<void> {
    this.#pausing = new AbortController();
    return pause(ms, this.#pausing.signal);
  }

  readonly #hurry = (): void => this.#pausing?.abort();

  readonly #drop = (): void => this.#stream?.abort();

  #seeSign(patienceMs: number): void {
    this.#lastSign = Date.now();
    this.#patienceMs = patienceMs;
  }

  /** By the clock, for timers stand still while a laptop sleeps. */
  readonly #look = (): void => {
    this.#lastSign = Math.min(this.#lastSign, Date.now());
    if (Date.now() - this.#lastSign >= this.#patienceMs) this.#drop();
  };

  readonly #onVisibility = (): void => {
    clearTimeout(this.#hiding);
    if (document.visibilityState === "hidden") {
      this.#hiding = setTimeout(this.#rest, HIDDEN_MS);
      return;
    }
    if (this.#isResting) this.status.set("connecting");
    this.#isResting = false;
    this.#look();
    this.#hurry();
  };

  readonly #rest = (): void => {
    this.#isResting = true;
    this.#drop();
  };
}
