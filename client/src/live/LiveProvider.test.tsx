import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { tellOtherTabs } from "../api/account";
import { keys, useMessages, useSignOut, useUserState } from "../api/queries";
import type { Message } from "../api/types";
import { type OutboxState, useOutbox } from "../outbox/useOutbox";
import { json, listOf, problem } from "../testing/fakeApi";
import { MESSAGES, PAIR, SESSION, STATE } from "../testing/fixtures";
import { asOf, renderLive } from "../testing/render";
import { useLiveStatus, useOutcomes, useRecentChanges } from "./LiveProvider";

const ME = SESSION.user?.id ?? "";
const OTHER = { ...SESSION, user: { id: "another", email: "another@example.org", is_staff: false } };
const outcomes = vi.fn();
/** Every state of the outbox that was drawn; where it is the same, the box is not drawn anew. */
const outboxes = new Set<OutboxState>();

const AT_40 = {
  "GET /messages": () => asOf(40, listOf(MESSAGES.toReversed())),
  "GET /coach-state": () => asOf(42, json(STATE.coach_state)),
  "GET /identities": () => asOf(41, listOf(STATE.identities)),
};

function Page() {
  const { messages } = useMessages();
  const state = useUserState();
  const changes = useRecentChanges();
  const signOut = useSignOut();
  const outbox = useOutbox(ME);
  outboxes.add(outbox);
  useOutcomes(outcomes);
  return (
    <>
      <p role="status">{useLiveStatus()}</p>
      <ul aria-label="messages">
        {messages.map(({ id, content }) => (
          <li key={id}>{content}</li>
        ))}
      </ul>
      <p data-testid="phase">{state.data?.coach_state.current_phase}</p>
      <p data-testid="changes">{changes.map(({ key }) => key).join()}</p>
      <p data-testid="under way">
        {outbox.underWay && `${outbox.underWay.content} ${outbox.underWay.isStored}`}
      </p>
      <input
        aria-label="draft"
        value={outbox.draft}
        onChange={(event) => outbox.setDraft(event.target.value)}
      />
      <button type="button" onClick={outbox.send}>
        Send
      </button>
      <button type="button" onClick={() => signOut.mutate()}>
        Sign out
      </button>
    </>
  );
}

afterEach(() => {
  sessionStorage.clear();
  outcomes.mockClear();
  vi.unstubAllGlobals();
});

async function openLivePage(answers: Parameters<typeof renderLive>[1] = {}) {
  const page = renderLive(<Page />, { ...AT_40, ...answers });
  await waitFor(() => expect(page.streams.all.length).toBeGreaterThan(0));
  page.streams.last.hello(42);
  await screen.findByText("live");
  return page;
}

function contents(): (string | null)[] {
  return [...screen.getByLabelText("messages").children].map(({ textContent }) => textContent);
}

function told(id: number, message: Message) {
  return { event: "message", id: String(id), data: JSON.stringify({ message }) };
}

const { user_message, coach_message } = PAIR;
const BEFORE = MESSAGES.map(({ content }) => content);

test("the stream is opened once, after the oldest of the first data, and what it tells is shown", async () => {
  const { streams } = await openLivePage();
  const open = streams.all.filter(({ isClosed }) => !isClosed);
  expect(open.map(({ url }) => url)).toEqual(["/api/v1/events?after=40"]);
  expect(contents()).toEqual(BEFORE);
  const coach_state = { ...STATE.coach_state, current_phase: "identity_refinement" };
  const [action] = MESSAGES.flatMap(({ actions }) => actions);
  streams.last.tell(told(41, user_message));
  streams.last.tell({ event: "action", id: "43", data: JSON.stringify({ action }) });
  streams.last.tell({ event: "coach_state", id: "44", data: JSON.stringify({ ...STATE, coach_state }) });
  await screen.findByText("identity_refinement");
  expect(contents()).toEqual([...BEFORE, user_message.content]);
  expect(screen.getByTestId("changes").textContent).toBe("phase");
  expect(outcomes).toHaveBeenCalledExactlyOnceWith([action]);
});

test("after `reset` everything is loaded anew", async () => {
  const { streams, api } = await openLivePage();
  api.on("GET /messages", () => asOf(50, listOf([])));
  api.on("GET /coach-state", () => asOf(50, json(STATE.coach_state)));
  api.on("GET /identities", () => asOf(50, listOf([])));
  streams.last.tell({ event: "reset", id: "50", data: "{}" });
  await waitFor(() => expect(contents()).toEqual([]));
  streams.last.tell(told(51, user_message));
  await waitFor(() => expect(contents()).toEqual([user_message.content]));
});

test("a message is shown once, by whichever way it comes first", async () => {
  let answer = (_: Response) => {};
  const slow = () =>
    new Promise<Response>((resolve) => {
      answer = resolve;
    });
  const { streams, api } = await openLivePage({ "POST /messages": slow });
  fireEvent.change(screen.getByLabelText("draft"), { target: { value: user_message.content } });
  fireEvent.click(screen.getByText("Send"));
  fireEvent.click(screen.getByText("Send"));
  expect(screen.getByTestId("under way").textContent).toBe(`${user_message.content} false`);
  const [posted] = api.askedFor("POST /messages");
  const idempotency_key = posted?.headers.get("Idempotency-Key") ?? "";
  streams.last.tell(told(43, { ...user_message, idempotency_key }));
  await screen.findByText(`${user_message.content} true`);
  await act(async () => answer(json(PAIR, 201)));
  await waitFor(() => expect(screen.getByTestId("under way").textContent).toBe(""));
  const after = [...BEFORE, user_message.content, coach_message.content];
  expect(contents()).toEqual(after);
  streams.last.tell(told(44, coach_message));
  streams.last.tell({ event: "coach_state", id: "45", data: JSON.stringify(STATE) });
  streams.last.tell(told(46, { ...coach_message, id: "later", content: "Later." }));
  await screen.findByText("Later.");
  expect(contents()).toEqual([...after, "Later."]);
  expect(api.askedFor("POST /messages")).toHaveLength(1);
});

test("the same words said before are another message; what the stream shows answered is done", async () => {
  const { streams, api } = await openLivePage({ "POST /messages": () => new Promise(() => {}) });
  fireEvent.change(screen.getByLabelText("draft"), { target: { value: user_message.content } });
  fireEvent.click(screen.getByText("Send"));
  const [posted] = api.askedFor("POST /messages");
  const idempotency_key = posted?.headers.get("Idempotency-Key") ?? "";
  streams.last.tell(told(43, { ...user_message, id: "earlier", idempotency_key: null }));
  await waitFor(() => expect(contents()).toHaveLength(BEFORE.length + 1));
  expect(screen.getByTestId("under way").textContent).toBe(`${user_message.content} false`);
  streams.last.tell(told(44, { ...user_message, idempotency_key }));
  streams.last.tell(told(45, { ...coach_message, idempotency_key }));
  await waitFor(() => expect(screen.getByTestId("under way").textContent).toBe(""));
  expect(screen.getByLabelText<HTMLInputElement>("draft").value).toBe("");
});

test("what is said leaves the box alone", async () => {
  const { streams } = await openLivePage();
  const before = [...outboxes].at(-1);
  outboxes.clear();
  streams.last.tell(told(43, user_message));
  await waitFor(() => expect(contents()).toHaveLength(BEFORE.length + 1));
  expect([...outboxes].map((outbox) => outbox === before)).toEqual([true]);
});

test("what was sent over a line that broke is sent again, as the same, once the stream is back", async () => {
  const { streams, api } = await openLivePage({ "POST /messages": () => new Promise(() => {}) });
  fireEvent.change(screen.getByLabelText("draft"), { target: { value: user_message.content } });
  fireEvent.click(screen.getByText("Send"));
  await waitFor(() => expect(api.askedFor("POST /messages")).toHaveLength(1));
  api.on("POST /messages", () => json(PAIR, 201));
  act(() => streams.last.end());
  await screen.findByText("reconnecting");
  await waitFor(() => expect(streams.last.isClosed).toBe(false));
  streams.last.hello(42);
  await waitFor(() => expect(contents()).toEqual([...BEFORE, user_message.content, coach_message.content]));
  expect(api.askedFor("POST /messages")).toHaveLength(2);
});

test("signing out closes the stream, and forgets what was the user's", async () => {
  const { streams, client, api } = await openLivePage();
  const nobody = () => json({ ...SESSION, user: null });
  api.on("POST /auth/logout", () => {
    api.on("GET /auth/session", nobody);
    return nobody();
  });
  fireEvent.click(screen.getByText("Sign out"));
  await screen.findByText("Signed out.");
  await waitFor(() => expect(client.getQueryCache().findAll({ queryKey: keys.users })).toEqual([]));
  expect(streams.all.every(({ isClosed }) => isClosed)).toBe(true);
});

test("when another tab signs in as somebody else, this one becomes theirs, and shows nothing of the first", async () => {
  const { streams, client, api } = await openLivePage();
  api.on("GET /auth/session", () => json(OTHER));
  api.on("GET /messages", () => asOf(3, listOf([{ ...user_message, content: "Theirs." }])));
  act(tellOtherTabs);
  await waitFor(() => expect(contents()).toEqual(["Theirs."]));
  await waitFor(() => expect(streams.last.url).toBe("/api/v1/events?after=3"));
  expect(streams.all.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
  expect(client.getQueryData(keys.messages(ME))).toBeUndefined();
});

test("a page whose session is over asks who is signed in", async () => {
  const { streams, api } = await openLivePage();
  api.on("GET /auth/session", () => json({ ...SESSION, user: null }));
  streams.answer = () => problem(401);
  streams.last.end();
  await screen.findByText("Signed out.");
});
