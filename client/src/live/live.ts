import { InfiniteQueryObserver, type QueryClient, QueryObserver } from "@tanstack/react-query";
import { askSession, isOwnSession } from "../api/account";
import { messagesOptions, stateOptions } from "../api/options";
import type { Action } from "../api/types";
import type { Change } from "./changes";
import { Connection, type LiveStatus } from "./connection";
import type { Drafts } from "./drafts";
import { LiveCache } from "./liveCache";
import type { Store } from "./store";

/** One user's page, kept true: the first data are loaded, the stream is opened after them, and folded into them. */
export class Live {
  readonly #client: QueryClient;
  readonly #userId: string;
  readonly #cache: LiveCache;
  readonly #connection: Connection;

  constructor(client: QueryClient, userId: string) {
    this.#client = client;
    this.#userId = userId;
    const cache = new LiveCache(client, userId);
    this.#cache = cache;
    this.#connection = new Connection({
      get cursor() {
        return cache.cursor;
      },
      take: (event) => cache.take(event),
      reset: (cursor) => cache.reset(cursor),
      isOwn: () => isOwnSession(client, userId),
      onSignedOut: () => askSession(client),
    });
  }

  get status(): Store<LiveStatus> {
    return this.#connection.status;
  }

  get changes(): Store<readonly Change[]> {
    return this.#cache.changes.shown;
  }

  get drafts(): Store<Drafts> {
    return this.#cache.drafts;
  }

  onOutcomes(listener: (ended: Action[]) => void): () => void {
    return this.#cache.onOutcomes(listener);
  }

  /** Answers how to stop. */
  start(): () => void {
    let disconnect = () => {};
    const ends = [
      this.#cache.start(() => {
        disconnect = this.#connection.start();
      }),
      this.status.subscribe(() => this.status.get() === "live" && this.#cache.askAgain()),
      this.status.subscribe(() => this.#cache.forgetDrafts()),
      ...this.#keepFirstData(),
      () => disconnect(),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  /** They are there on every page, whichever was opened first. */
  #keepFirstData(): (() => void)[] {
    const messages = new InfiniteQueryObserver(this.#client, messagesOptions(this.#userId));
    const state = new QueryObserver(this.#client, stateOptions(this.#userId));
    return [messages.subscribe(() => {}), state.subscribe(() => {})];
  }
}
