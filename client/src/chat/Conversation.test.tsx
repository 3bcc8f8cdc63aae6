import { act, fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { useMessages } from "../api/queries";
import type { Action, Message } from "../api/types";
import { useDrafts, useOutcomes } from "../live/LiveProvider";
import { type UnsentTurn, useOutbox } from "../outbox/useOutbox";
import { useAnnounce } from "../page/announce";
import { MESSAGES } from "../testing/fixtures";
import { layOut } from "../testing/layout";
import { aMessage, anAction } from "../testing/samples";
import { show } from "../testing/show";
import { Conversation } from "./Conversation";

vi.mock("../api/queries");
vi.mock("../page/announce");
vi.mock("../live/LiveProvider");
vi.mock("../outbox/useOutbox");

const loadOlder = vi.fn();
const retry = vi.fn();
const setDraft = vi.fn();
const send = vi.fn();
const tryAgain = vi.fn();
const edit = vi.fn();
const discard = vi.fn();
const announce = vi.fn();
let tellOutcomes: (ended: Action[]) => void;

beforeEach(() => {
  for (const spy of [loadOlder, retry, setDraft, send, tryAgain, edit, discard, announce]) spy.mockReset();
  vi.mocked(useAnnounce).mockReturnValue(announce);
  vi.mocked(useDrafts).mockReturnValue(new Map());
  vi.mocked(useOutcomes).mockImplementation((listener) => {
    tellOutcomes = listener;
  });
  hold({});
  holdOutbox({});
});

function hold(parts: Partial<ReturnType<typeof useMessages>>) {
  vi.mocked(useMessages).mockReturnValue({
    messages: [],
    hasOlder: false,
    loadOlder,
    isLoadingOlder: false,
    isLoading: false,
    error: null,
    retry,
    ...parts,
  });
}

function holdOutbox(parts: Partial<ReturnType<typeof useOutbox>>) {
  vi.mocked(useOutbox).mockReturnValue({
    draft: "",
    setDraft,
    underWay: null,
    failure: null,
    unsent: [],
    send,
    tryAgain,
    edit,
    discard,
    ...parts,
  });
}

function talk(count: number): Message[] {
  return Array.from({ length: count }, (_, index) =>
    aMessage({ id: `m${index}`, role: index % 2 ? "coach" : "user", content: `Message ${index}` }),
  );
}

const page = (key = "1") => <Conversation userId={key} />;
const items = () => within(screen.getByRole("list", { name: "Messages" })).getAllByRole("listitem");

test("a new user is told what to do, and a first sentence fills the box", async () => {
  show(page());
  expect(screen.getByRole("heading", { name: /Welcome/ })).toBeTruthy();
  const [example] = screen.getAllByRole("button", { name: /Alex/ });
  await userEvent.click(example as HTMLElement);
  expect(setDraft).toHaveBeenCalledWith("Hi, my name is Alex.");
  expect(document.activeElement).toBe(screen.getByRole("textbox"));
  expect(send).not.toHaveBeenCalled();
});

test("the messages are a list; each has a heading with who spoke and when", () => {
  hold({ messages: talk(2) });
  show(page());
  expect(items()).toHaveLength(2);
  const headings = screen.getAllByRole("heading", { level: 2 }).map((heading) => heading.textContent);
  expect(headings[0]).toMatch(/^You, /);
  expect(headings[1]).toMatch(/^The coach, /);
});

test("what the server sends is drawn, every action with its state", () => {
  hold({ messages: MESSAGES });
  show(page());
  const lines = document.querySelectorAll<HTMLElement>("[data-action-id]");
  const sent = MESSAGES.flatMap(({ actions }) => actions);
  expect([...lines].map((line) => line.dataset.status)).toEqual(sent.map(({ status }) => status));
});

test("the user's own words are shown as they were written", () => {
  const content = "**not bold** <b>x</b>\n# no heading";
  hold({ messages: [aMessage({ role: "user", content })] });
  show(page());
  expect(items()[0]?.querySelector("[dir=auto]")?.textContent).toBe(content);
  expect(items()[0]?.querySelector("strong,b,h3")).toBeNull();
});

test("an action waits behind those of earlier messages too", () => {
  const first = aMessage({
    id: "a",
    actions: [anAction({ status: "running" }), anAction({ status: "queued" })],
  });
  const second = aMessage({ id: "b", actions: [anAction({ status: "queued" })] });
  hold({ messages: [first, second] });
  show(page());
  expect(screen.getByText("Running")).toBeTruthy();
  expect(screen.getByText("Waiting, behind 1 other")).toBeTruthy();
  expect(screen.getByText("Waiting, behind 2 others")).toBeTruthy();
});

test("what was just sent is shown at once, and that the coach writes", () => {
  hold({ messages: talk(2) });
  holdOutbox({ underWay: { content: "Just sent", isStored: false, isAnswered: false } });
  show(page());
  expect(screen.getByText("Just sent")).toBeTruthy();
  expect(screen.getByText("Sending…")).toBeTruthy();
  expect(screen.getByText("The coach is writing")).toBeTruthy();
});

test("what is in the conversation already is not shown twice", () => {
  hold({ messages: [aMessage({ role: "user", content: "Just sent" })] });
  holdOutbox({ underWay: { content: "Just sent", isStored: true, isAnswered: false } });
  show(page());
  expect(screen.getAllByText("Just sent")).toHaveLength(1);
  expect(screen.queryByText("Sending…")).toBeNull();
  expect(screen.getByText("The coach is writing")).toBeTruthy();
});

const UNSENT: UnsentTurn = {
  key: "k",
  content: "Lost on the way",
  isNew: false,
  hasArrived: false,
  reason: "Nobody there.",
};
const button = (name: string) => screen.getByRole("button", { name });

test("what could not be sent stands after the messages, with the reason and what can be done", async () => {
  hold({ messages: talk(2) });
  holdOutbox({ draft: "The next one", unsent: [UNSENT, { ...UNSENT, key: "other", content: "Lost too" }] });
  show(page());
  const [first, second] = items().slice(2);
  expect(first?.textContent).toMatch(/You, Not sent.*Lost on the way.*Nobody there\./);
  expect(second?.textContent).toContain("Lost too");
  expect(screen.getByRole<HTMLTextAreaElement>("textbox").value).toBe("The next one");
  for (const [name, act] of [
    ["Try again", tryAgain],
    ["Edit", edit],
    ["Discard", discard],
  ] as const) {
    await userEvent.click(within(second as HTMLElement).getByRole("button", { name }));
    expect(act.mock.calls).toEqual([["other"]]);
    expect(document.activeElement).toBe(screen.getByRole("textbox"));
  }
});

test("what was put aside is not tried again but sent, and one after the other", () => {
  holdOutbox({
    unsent: [{ ...UNSENT, isNew: true }],
    underWay: { content: "Now", isStored: false, isAnswered: false },
  });
  show(page());
  expect(button("Send it").getAttribute("aria-disabled")).toBe("true");
  expect(screen.queryByText(/Welcome/)).toBeNull();
});

test("under a message that arrived without being answered stands how to ask again", async () => {
  const mine = aMessage({ role: "user", content: "Lost on the way", idempotency_key: "k" });
  hold({ messages: [mine, aMessage({ content: "To something else" })] });
  holdOutbox({ unsent: [UNSENT] });
  show(page());
  expect(screen.getAllByText("Lost on the way")).toHaveLength(1);
  expect(screen.queryByText("Not sent")).toBeNull();
  expect(within(items()[0] as HTMLElement).getByRole("alert").textContent).toMatch(/^This arrived\./);
  await userEvent.click(button("Ask again"));
  expect(tryAgain.mock.calls).toEqual([["k"]]);
  await userEvent.click(button("Leave it"));
  expect(discard.mock.calls).toEqual([["k"]]);
});

test("what is sent before the messages are there is shown beside their place", () => {
  hold({ isLoading: true });
  holdOutbox({ underWay: { content: "Early", isStored: false, isAnswered: false } });
  show(page());
  expect(screen.getByText("Early")).toBeTruthy();
  expect(screen.getByRole("status", { name: "Loading the conversation" })).toBeTruthy();
});

test("a first sentence that is picked takes nothing away", async () => {
  holdOutbox({ draft: "Good morning!\n" });
  show(page());
  await userEvent.click(screen.getAllByRole("button", { name: /Alex/ })[0] as HTMLElement);
  expect(setDraft).toHaveBeenCalledWith("Good morning!\nHi, my name is Alex.");
});

test("while the messages are on their way the box is there already", () => {
  hold({ isLoading: true });
  show(page());
  expect(screen.getByRole("status", { name: "Loading the conversation" })).toBeTruthy();
  expect(screen.getByRole("textbox")).toBeTruthy();
});

test("messages that did not come can be asked for again", async () => {
  hold({ error: new Error("gone") });
  show(page());
  await userEvent.click(within(screen.getByRole("alert")).getByRole("button", { name: "Try again" }));
  expect(retry).toHaveBeenCalledOnce();
});

test("the focus stays in the conversation when what was pressed is gone", async () => {
  hold({ error: new Error("gone") });
  const { rerender } = show(page());
  await userEvent.click(within(screen.getByRole("alert")).getByRole("button", { name: "Try again" }));
  hold({ isLoading: true });
  rerender(page());
  const viewport = screen.getByRole("region", { name: "Conversation" });
  expect(document.activeElement).toBe(viewport);
  hold({ messages: talk(4), hasOlder: true });
  rerender(page());
  const earlier = screen.getByRole("button", { name: "Show earlier messages" });
  await userEvent.click(earlier);
  hold({ messages: talk(4), hasOlder: true, isLoadingOlder: true });
  rerender(page());
  expect(document.activeElement).toBe(earlier);
  hold({ messages: talk(6) });
  rerender(page());
  expect(document.activeElement).toBe(viewport);
});

test("a message that was answered before the conversation could be loaded says so", () => {
  hold({ error: new Error("gone") });
  holdOutbox({ underWay: { content: "Hello.", isStored: false, isAnswered: true } });
  show(page());
  expect(items().map(({ textContent }) => textContent)).toEqual([
    "You, AnsweredHello.",
    "The coach has answered. You will see it as soon as the conversation can be loaded.",
  ]);
});

test("earlier messages come by the button", async () => {
  hold({ messages: talk(4), hasOlder: true });
  show(page());
  await userEvent.click(screen.getByRole("button", { name: "Show earlier messages" }));
  expect(loadOlder).toHaveBeenCalledOnce();
});

test("earlier messages come by themselves near the top, once at a time", () => {
  layOut({ heights: {}, viewportHeight: 400 });
  hold({ messages: talk(40), hasOlder: true });
  const { rerender } = show(page());
  expect(loadOlder).not.toHaveBeenCalled();
  const viewport = screen.getByRole("region", { name: "Conversation" });
  viewport.scrollTop = 200;
  fireEvent.scroll(viewport);
  expect(loadOlder).toHaveBeenCalledOnce();
  hold({ messages: talk(40), hasOlder: true, isLoadingOlder: true });
  rerender(page());
  fireEvent.scroll(viewport);
  expect(loadOlder).toHaveBeenCalledOnce();
});

test("earlier messages that did not come are asked for again only by hand", async () => {
  layOut({ heights: {}, viewportHeight: 400 });
  hold({ messages: talk(40), hasOlder: true, error: new Error("gone") });
  show(page());
  const viewport = screen.getByRole("region", { name: "Conversation" });
  viewport.scrollTop = 0;
  fireEvent.scroll(viewport);
  expect(loadOlder).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(loadOlder).toHaveBeenCalledOnce();
});

test("who reads further up is told of new messages, and led to them", async () => {
  layOut({ heights: {}, viewportHeight: 400 });
  hold({ messages: talk(40) });
  const { rerender } = show(page());
  const viewport = screen.getByRole("region", { name: "Conversation" });
  expect(screen.queryByRole("button", { name: /message/ })).toBeNull();
  viewport.scrollTop = 1000;
  fireEvent.scroll(viewport);
  expect(screen.getByRole("button", { name: "Latest messages" })).toBeTruthy();
  hold({ messages: talk(42) });
  rerender(page());
  expect(viewport.scrollTop).toBe(1000);
  await userEvent.click(screen.getByRole("button", { name: "2 new messages" }));
  expect(viewport.scrollTop).toBe(4200 - 400);
  expect(screen.queryByRole("button", { name: /message/ })).toBeNull();
});

test("a link leads to its message, marks it for a while and takes the focus there", () => {
  vi.useFakeTimers();
  hold({ messages: talk(8) });
  show(page(), "/?message=m3");
  expect(document.activeElement?.id).toBe("message-m3");
  expect(items()[3]?.dataset.highlighted).toBe("true");
  act(() => vi.advanceTimersByTime(6000));
  expect(items()[3]?.dataset.highlighted).toBeUndefined();
  vi.useRealTimers();
});

test("a link to an older message brings the pages until it is there", () => {
  hold({ messages: talk(8), hasOlder: true });
  const { rerender } = show(page(), "/?message=old");
  expect(screen.getByText("Looking for the message…")).toBeTruthy();
  expect(loadOlder).toHaveBeenCalledOnce();
  hold({ messages: talk(8), hasOlder: true, isLoadingOlder: true });
  rerender(page());
  expect(loadOlder).toHaveBeenCalledOnce();
  hold({ messages: [aMessage({ id: "older" }), ...talk(8)], hasOlder: true });
  rerender(page());
  expect(loadOlder).toHaveBeenCalledTimes(2);
  hold({ messages: [aMessage({ id: "old" }), aMessage({ id: "older" }), ...talk(8)] });
  rerender(page());
  expect(document.activeElement?.id).toBe("message-old");
  expect(screen.queryByText("Looking for the message…")).toBeNull();
  hold({ messages: talk(9) });
  rerender(page());
  expect(screen.queryByText(/no longer here/)).toBeNull();
});

test("a link to a message that is gone says so, and the note can be put away", async () => {
  hold({ messages: talk(2) });
  show(page(), "/?message=gone");
  expect(screen.getByText(/This message is no longer here/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Close this note" }));
  expect(screen.queryByText(/no longer here/)).toBeNull();
});

test("what the coach says while the page is open is said; what was there is not", () => {
  hold({ messages: talk(2) });
  const { rerender } = show(page());
  const said = aMessage({ id: "new", content: "**Lovely**, [Sam](https://example.org)." });
  hold({ messages: [...talk(2), said] });
  rerender(page());
  hold({ messages: [aMessage({ id: "older" }), ...talk(2), said] });
  rerender(page());
  expect(announce.mock.calls).toEqual([["The coach: Lovely, Sam."]]);
});

test("the very first answer is said too", () => {
  hold({ isLoading: true });
  const { rerender } = show(page());
  hold({});
  rerender(page());
  hold({ messages: [aMessage({ role: "user" }), aMessage({ content: "Welcome." })] });
  rerender(page());
  expect(announce.mock.calls).toEqual([["The coach: Welcome."]]);
});

test("what was said is not said again when all is loaded anew", () => {
  hold({ messages: talk(2) });
  const { rerender } = show(page());
  hold({ isLoading: true });
  rerender(page());
  hold({ messages: talk(4) });
  rerender(page());
  expect(announce.mock.calls).toEqual([["The coach: Message 3"]]);
});

test("outcomes that follow each other closely are said as one", () => {
  vi.useFakeTimers();
  hold({ messages: talk(2) });
  show(page());
  for (let count = 0; count < 3; count += 1) {
    act(() => tellOutcomes([anAction()]));
    act(() => vi.advanceTimersByTime(300));
  }
  act(() => tellOutcomes([anAction({ status: "rejected", result_summary: "It is gone." })]));
  expect(announce).not.toHaveBeenCalled();
  act(() => vi.advanceTimersByTime(1000));
  expect(announce.mock.calls).toEqual([["3 actions done. 1 refused: It is gone."]]);
  vi.useRealTimers();
});

test("outcomes without end are not held back for ever", () => {
  vi.useFakeTimers();
  show(page());
  for (let count = 0; count < 12; count += 1) {
    act(() => tellOutcomes([anAction()]));
    act(() => vi.advanceTimersByTime(500));
  }
  expect(announce.mock.calls.length).toBeGreaterThanOrEqual(1);
  expect(announce.mock.calls.length).toBeLessThanOrEqual(2);
  vi.useRealTimers();
});

test("what the coach is writing stands in place of the dots, and is not said aloud", () => {
  const own = talk(1)[0] as Message;
  const mine: Message = { ...own, role: "user", idempotency_key: "mine" };
  hold({ messages: [mine] });
  holdOutbox({ underWay: { content: mine.content, isStored: true, isAnswered: false } });
  vi.mocked(useDrafts).mockReturnValue(new Map([[mine.id, "What did **you** fe"]]));
  show(<Conversation userId="u" />);
  expect(screen.getByText("you").tagName).toBe("STRONG");
  expect(screen.queryByText(/The coach is writing/)).toBeNull();
  expect(announce).not.toHaveBeenCalled();
});

test("it is seen in a tab that did not send, until the whole message is there", () => {
  const own = talk(1)[0] as Message;
  const mine: Message = { ...own, role: "user", idempotency_key: "mine" };
  hold({ messages: [mine] });
  vi.mocked(useDrafts).mockReturnValue(new Map([[mine.id, "What did"]]));
  const { unmount } = show(<Conversation userId="u" />);
  expect(screen.getByText("What did")).toBeTruthy();
  unmount();
  const whole: Message = { ...mine, id: "whole", role: "coach", content: "What did you feel?" };
  hold({ messages: [mine, whole] });
  show(<Conversation userId="u" />);
  expect(screen.queryByText("What did")).toBeNull();
  expect(screen.getByText("What did you feel?")).toBeTruthy();
});

test("the last message without an answer, as a reload finds it, can be asked for again", async () => {
  const own = talk(1)[0] as Message;
  const mine: Message = { ...own, role: "user", idempotency_key: "mine" };
  const tryAgain = vi.fn();
  hold({ messages: [mine] });
  holdOutbox({ tryAgain });
  show(<Conversation userId="u" />);
  await userEvent.click(screen.getByRole("button", { name: "Ask again" }));
  expect(tryAgain).toHaveBeenCalledWith("mine");
});
