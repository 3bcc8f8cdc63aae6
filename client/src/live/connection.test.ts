// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeStreams } from "../testing/fakeStreams";
import { Connection, HIDDEN_MS, type Listener, OPENING_MS, SILENCE_MS } from "./connection";

const listener = {
  cursor: 7 as number | null,
  take: vi.fn<Listener["take"]>(),
  reset: vi.fn<Listener["reset"]>(),
  isOwn: vi.fn<Listener["isOwn"]>(),
  onSignedOut: vi.fn<Listener["onSignedOut"]>(),
};

let streams: FakeStreams;
let connection: Connection;
let stop = () => {};

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.spyOn(Math, "random").mockReturnValue(1);
  for (const mock of [listener.take, listener.reset, listener.isOwn, listener.onSignedOut]) mock.mockReset();
  listener.cursor = 7;
  listener.isOwn.mockReturnValue(true);
  streams = new FakeStreams();
  connection = new Connection(listener);
  show("visible");
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function show(state: DocumentVisibilityState) {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
}

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function start() {
  stop = connection.start();
  await pass();
}

async function goLive() {
  await start();
  streams.last.hello(7);
  await pass();
  expect(connection.status.get()).toBe("live");
}

function problem(status: number, headers: HeadersInit = {}): Response {
  return new Response(JSON.stringify({ title: "Problem", detail: "No." }), { status, headers });
}

test("the stream is asked for from the last known event on, and is live once it says hello", async () => {
  await start();
  expect(streams.all.map(({ url }) => url)).toEqual(["/api/v1/events?after=7"]);
  expect(connection.status.get()).toBe("connecting");
  streams.last.hello(9);
  await pass();
  expect(connection.status.get()).toBe("live");
  expect(listener.reset).not.toHaveBeenCalled();
});

test("events are handed on, in whatever pieces they come", async () => {
  await goLive();
  const bytes = new TextEncoder().encode('id: 8\nevent: action\ndata: {"action":{"id":"é"}}\n\n');
  for (const byte of bytes) streams.last.writeBytes(new Uint8Array([byte]));
  await pass();
  expect(listener.take).toHaveBeenCalledExactlyOnceWith({ kind: "action", id: 8, action: { id: "é" } });
});

test("`running` and an event of a newer server are handed on too, and one without a number is not", async () => {
  await goLive();
  streams.last.tell({ event: "running", data: '{"action":{"id":"a"}}' });
  streams.last.tell({ event: "confetti", id: "8", data: "{}" });
  streams.last.tell({ event: "confetti", data: "{}" });
  await pass();
  expect(listener.take.mock.calls).toEqual([
    [{ kind: "running", id: null, action: { id: "a" } }],
    [{ kind: "unknown", id: 8 }],
  ]);
});

test("`reset` is handed on with the cursor from which the stream goes on", async () => {
  await goLive();
  streams.last.tell({ event: "reset", id: "12", data: "{}" });
  await pass();
  expect(listener.reset).toHaveBeenCalledExactlyOnceWith(12);
});

test("a stream that is behind what is known is a reset", async () => {
  await start();
  streams.last.hello(3);
  await pass();
  expect(listener.reset).toHaveBeenCalledExactlyOnceWith(3);
});

test("another account's stream is not listened to", async () => {
  listener.isOwn.mockReturnValue(false);
  await start();
  streams.last.hello(7);
  streams.last.tell({ event: "action", id: "8", data: '{"action":{}}' });
  await pass();
  expect(listener.take).not.toHaveBeenCalled();
  expect(streams.last.isClosed).toBe(true);
  expect(connection.status.get()).toBe("reconnecting");
});

describe("when the stream ends", () => {
  test("it is opened again after half a second, from the last event on", async () => {
    await goLive();
    listener.cursor = 11;
    await pass(6_000);
    streams.last.end();
    await pass();
    expect(connection.status.get()).toBe("reconnecting");
    await pass(499);
    expect(streams.all).toHaveLength(1);
    await pass(1);
    expect(streams.last.url).toBe("/api/v1/events?after=11");
    streams.last.hello(11);
    await pass();
    expect(connection.status.get()).toBe("live");
  });

  test("and cannot be opened, the pauses double up to 15 s", async () => {
    streams.answer = () => problem(503);
    await start();
    for (const pauseMs of [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]) {
      const { length } = streams.all;
      await pass(pauseMs - 1);
      expect(streams.all).toHaveLength(length);
      await pass(1);
      expect(streams.all).toHaveLength(length + 1);
    }
  });

  test("after it was live for a while, the pauses begin anew", async () => {
    streams.answer = () => problem(503);
    await start();
    await pass(500 + 1_000 + 1_999);
    streams.answer = (stream) => stream.open();
    await pass(1);
    streams.last.hello(7);
    await pass(6_000);
    streams.last.end();
    const { length } = streams.all;
    await pass(500);
    expect(streams.all).toHaveLength(length + 1);
  });

  test("the pauses are spread by chance", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    await goLive();
    await pass(6_000);
    streams.last.break();
    await pass(250);
    expect(streams.all).toHaveLength(2);
  });

  test("again and again right after the hello, the pauses grow all the same", async () => {
    await start();
    for (const pauseMs of [500, 1_000, 2_000]) {
      await pass();
      const { length } = streams.all;
      streams.last.hello(7);
      streams.last.end();
      await pass(pauseMs - 1);
      expect(streams.all).toHaveLength(length);
      await pass(1);
      expect(streams.all).toHaveLength(length + 1);
    }
  });

  test("`Retry-After` is waited for, whatever happens meanwhile", async () => {
    streams.answer = () => problem(429, { "Retry-After": "20" });
    await start();
    window.dispatchEvent(new Event("online"));
    await pass(19_999);
    expect(streams.all).toHaveLength(1);
    await pass(1);
    expect(streams.all).toHaveLength(2);
  });

  test("since nobody is signed in, the session is asked for", async () => {
    streams.answer = () => problem(401);
    await start();
    expect(listener.onSignedOut).toHaveBeenCalledOnce();
    await pass(500);
    expect(streams.all).toHaveLength(2);
  });

  test("because something else has answered, it is tried again", async () => {
    streams.answer = (stream) =>
      new Response(stream.open().body, { headers: { "Content-Type": "text/html" } });
    await start();
    expect(streams.last.isClosed).toBe(true);
    expect(connection.status.get()).toBe("reconnecting");
    await pass(500);
    expect(streams.all).toHaveLength(2);
  });

  test("the network's return makes it try at once", async () => {
    streams.answer = () => problem(503);
    await start();
    await pass(10_000);
    const { length } = streams.all;
    window.dispatchEvent(new Event("online"));
    await pass();
    expect(streams.all).toHaveLength(length + 1);
  });
});

describe("a line that is silent", () => {
  test("is given up after 40 s, and comments are signs of life", async () => {
    await goLive();
    for (let comment = 0; comment < 10; comment += 1) {
      await pass(15_000);
      streams.last.comment();
    }
    await pass(SILENCE_MS - 5_001);
    expect(streams.all).toHaveLength(1);
    expect(connection.status.get()).toBe("live");
    await pass(10_001);
    expect(streams.all).toHaveLength(2);
  });

  test("is given up at once when the laptop wakes up, by the clock", async () => {
    await goLive();
    vi.setSystemTime(Date.now() + 3_600_000);
    window.dispatchEvent(new Event("focus"));
    await pass();
    expect(streams.all[0]?.isClosed).toBe(true);
    await pass(500);
    expect(streams.all).toHaveLength(2);
  });

  test("is given up soon after the laptop wakes up, though no event tells so", async () => {
    await goLive();
    vi.setSystemTime(Date.now() + 3_600_000);
    await pass(5_500);
    expect(streams.all).toHaveLength(2);
  });

  test("is given up in the same time though the clock was set back", async () => {
    await goLive();
    vi.setSystemTime(Date.now() - 3_600_000);
    await pass(SILENCE_MS);
    expect(streams.last.isClosed).toBe(false);
    await pass(5_000);
    expect(streams.last.isClosed).toBe(true);
  });

  test("is given up sooner while it is being opened", async () => {
    await start();
    await pass(OPENING_MS - 1);
    expect(streams.last.isClosed).toBe(false);
    await pass(1);
    expect(streams.last.isClosed).toBe(true);
    await pass(500);
    expect(streams.all).toHaveLength(2);
  });

  test("is given up when the browser says that it is offline", async () => {
    await goLive();
    window.dispatchEvent(new Event("offline"));
    await pass();
    expect(connection.status.get()).toBe("reconnecting");
    await pass(500);
    expect(streams.all).toHaveLength(2);
  });
});

describe("a hidden page", () => {
  test("gives its stream up after 10 s, and opens it at once when it is shown", async () => {
    await goLive();
    show("hidden");
    await pass(HIDDEN_MS - 1);
    expect(streams.last.isClosed).toBe(false);
    await pass(1);
    expect(streams.last.isClosed).toBe(true);
    await pass(3_600_000);
    expect(streams.all).toHaveLength(1);
    expect(connection.status.get()).toBe("live");
    listener.cursor = 9;
    show("visible");
    await pass();
    expect(streams.last.url).toBe("/api/v1/events?after=9");
    expect(connection.status.get()).toBe("connecting");
    streams.last.hello(9);
    await pass();
    expect(connection.status.get()).toBe("live");
  });

  test("that is shown again in time keeps its stream", async () => {
    await goLive();
    show("hidden");
    await pass(HIDDEN_MS - 1);
    show("visible");
    await pass(HIDDEN_MS);
    expect(streams.all).toHaveLength(1);
    expect(streams.last.isClosed).toBe(false);
  });

  test("does not try to reconnect", async () => {
    streams.answer = () => problem(503);
    await start();
    show("hidden");
    await pass(60_000);
    const { length } = streams.all;
    await pass(600_000);
    expect(streams.all).toHaveLength(length);
    show("visible");
    await pass();
    expect(streams.all).toHaveLength(length + 1);
  });

  test("that is shown after the laptop slept looks at the clock", async () => {
    await goLive();
    show("hidden");
    vi.setSystemTime(Date.now() + 3_600_000);
    show("visible");
    await pass();
    expect(streams.last.isClosed).toBe(true);
  });
});

test("once stopped, nothing is opened any more", async () => {
  await goLive();
  stop();
  expect(streams.last.isClosed).toBe(true);
  window.dispatchEvent(new Event("online"));
  await pass(60_000);
  expect(streams.all).toHaveLength(1);
});

test("stopped and started in one breath, there is one stream", async () => {
  connection.start()();
  await start();
  streams.last.hello(7);
  await pass(120);
  expect(streams.all.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
  expect(connection.status.get()).toBe("live");
});
