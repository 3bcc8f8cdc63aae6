import { fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef, useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import type { OutboxState, UnderWay } from "../outbox/useOutbox";
import { show } from "../testing/show";
import { Composer } from "./Composer";

const send = vi.fn();
const onSent = vi.fn();

beforeEach(() => {
  for (const spy of [send, onSent]) spy.mockReset();
});

function Held({ draft: first, ...rest }: Partial<OutboxState>) {
  const [draft, setDraft] = useState(first ?? "");
  const outbox: OutboxState = {
    underWay: null,
    failure: null,
    unsent: [],
    send,
    tryAgain: vi.fn(),
    edit: vi.fn(),
    discard: vi.fn(),
    ...rest,
    draft,
    setDraft,
  };
  return <Composer outbox={outbox} box={createRef()} onSent={onSent} />;
}

const UNDER_WAY: UnderWay = { content: "Hello", isStored: false, isAnswered: false };

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Your message" });
const sendButton = () => screen.getByRole("button", { name: "Send" });

test("Enter sends, and the focus stays in the box", async () => {
  show(<Held />);
  await userEvent.type(box(), "Hello{Enter}");
  expect(send).toHaveBeenCalledOnce();
  expect(onSent).toHaveBeenCalledOnce();
  expect(document.activeElement).toBe(box());
});

test("Shift and Enter begin a new line", async () => {
  show(<Held />);
  await userEvent.type(box(), "One{Shift>}{Enter}{/Shift}two");
  expect(send).not.toHaveBeenCalled();
  expect(box().value).toBe("One\ntwo");
});

test("Enter that ends the composing of a word sends nothing", () => {
  show(<Held draft="にほ" />);
  expect(fireEvent.keyDown(box(), { key: "Enter", isComposing: true })).toBe(true);
  expect(fireEvent.keyDown(box(), { key: "Enter", keyCode: 229 })).toBe(true);
  expect(send).not.toHaveBeenCalled();
  fireEvent.keyDown(box(), { key: "Enter", keyCode: 13 });
  expect(send).toHaveBeenCalledOnce();
});

test("the button sends too, and gives the focus back to the box", async () => {
  show(<Held draft="Hello" />);
  await userEvent.click(sendButton());
  expect(send).toHaveBeenCalledOnce();
  expect(document.activeElement).toBe(box());
});

test.each(["", "   ", "\n\n"])("a blank text is not sent: %j", async (draft) => {
  show(<Held draft={draft} />);
  expect(sendButton().getAttribute("aria-disabled")).toBe("true");
  await userEvent.click(sendButton());
  await userEvent.type(box(), "{Enter}");
  expect(send).not.toHaveBeenCalled();
  expect(box().value).toBe(draft);
});

test("while one message is under way the next can be written, not sent", async () => {
  show(<Held underWay={UNDER_WAY} />);
  await userEvent.type(box(), "And then{Enter}");
  expect(send).not.toHaveBeenCalled();
  expect(box().value).toBe("And then");
});

test("a message that could not be sent is in the box with the reason, and can be tried again", async () => {
  show(<Held draft="Hello" failure="The server could not be reached." />);
  expect(screen.getByRole("alert").textContent).toContain("The server could not be reached.");
  expect(box().value).toBe("Hello");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(send).toHaveBeenCalledOnce();
  expect(document.activeElement).toBe(box());
});

test("the limit is told when it comes near", () => {
  show(<Held draft={"a".repeat(17_999)} />);
  expect(screen.getByRole("status").textContent).toBe("");
  fireEvent.change(box(), { target: { value: "a".repeat(19_999) } });
  expect(screen.getByRole("status").textContent).toBe("1 character left.");
});

test("what is too long is kept whole, and not sent", async () => {
  show(<Held draft={"a".repeat(20_030)} />);
  expect(screen.getByRole("status").textContent).toBe(
    "30 characters too many: a message has at most 20,000.",
  );
  await userEvent.click(sendButton());
  expect(send).not.toHaveBeenCalled();
  expect(box().value).toHaveLength(20_030);
});

test("characters are counted as the server counts them", async () => {
  show(<Held draft={"🌱".repeat(20_000)} />);
  expect(screen.getByRole("status").textContent).toBe("0 characters left.");
  await userEvent.click(sendButton());
  expect(send).toHaveBeenCalledOnce();
});

test("the box takes either direction of writing, and says which key does what", () => {
  show(<Held />);
  expect(box().dir).toBe("auto");
  const told = box().getAttribute("aria-describedby")?.split(" ") ?? [];
  expect(told.map((id) => document.getElementById(id)?.textContent).join("")).toBe(
    "Enter sends, Shift + Enter begins a new line.",
  );
});
