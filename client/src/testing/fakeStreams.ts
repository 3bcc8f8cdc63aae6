import { vi } from "vitest";
import type { RawEvent } from "../live/event";

type Answer = (stream: FakeStream) => Response;

/** One event stream that the page asked for. */
export class FakeStream {
  isClosed = false;
  readonly #body: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(
    readonly url: string,
    signal: AbortSignal | null | undefined,
  ) {
    this.#body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
    });
    signal?.addEventListener("abort", () => this.break(), { once: true });
  }

  open(): Response {
    return new Response(this.#body, { headers: { "Content-Type": "text/event-stream; charset=utf-8" } });
  }

  write(text: string): void {
    this.writeBytes(new TextEncoder().encode(text));
  }

  writeBytes(bytes: Uint8Array): void {
    this.#controller?.enqueue(bytes);
  }

  tell({ event, id, data }: RawEvent): void {
    this.write(`${id ? `id: ${id}\n` : ""}event: ${event}\ndata: ${data}\n\n`);
  }

  hello(cursor: number): void {
    this.tell({ event: "hello", data: JSON.stringify({ cursor }) });
  }

  comment(): void {
    this.write(": still here\n\n");
  }

  /** The server ends it. */
  end(): void {
    if (!this.isClosed) this.#controller?.close();
    this.isClosed = true;
  }

  /** The network, or the page, breaks it. */
  break(): void {
    if (!this.isClosed) this.#controller?.error(new TypeError("network error"));
    this.isClosed = true;
  }
}

/** Answers the page's requests for its event stream, one after the other; all as the last answer says. */
export class FakeStreams {
  readonly all: FakeStream[] = [];
  answer: Answer = (stream) => stream.open();

  constructor() {
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      const stream = new FakeStream(url, init?.signal);
      this.all.push(stream);
      return this.answer(stream);
    });
  }

  get last(): FakeStream {
    const stream = this.all.at(-1);
    if (!stream) throw new Error("No stream was asked for.");
    return stream;
  }
}
