import fc from "fast-check";
import { expect, test } from "vitest";
import { PAIR } from "../testing/fixtures";
import { foldDrafts, NO_DRAFTS } from "./drafts";
import type { LiveEvent } from "./event";

const ID = "mine";
const keyOf = (id: string) => `key of ${id}`;

function delta(start: number, text: string, is_over = false, id = ID): LiveEvent {
  return { kind: "message_delta", id: null, user_message_id: id, start, text, is_over };
}

function answer(key: string): LiveEvent {
  return { kind: "message", id: 7, message: { ...PAIR.coach_message, idempotency_key: key } };
}

const TEXT = fc.string({ unit: "binary", maxLength: 40 });

/** What a server sends that writes these texts, one anew after the other, counted in its characters. */
function sent(pieces: readonly string[]): LiveEvent[] {
  let start = 0;
  return pieces.map((piece) => {
    const event = delta(start, piece);
    start += [...piece].length;
    return event;
  });
}

test("the text is what the server has written, however it is cut, and only the last one written anew", () => {
  fc.assert(
    fc.property(fc.array(fc.array(TEXT, { minLength: 1 }), { minLength: 1, maxLength: 3 }), (texts) => {
      const drafts = foldDrafts(NO_DRAFTS, texts.flatMap(sent), keyOf);
      expect(drafts.get(ID)).toBe(texts.at(-1)?.join(""));
    }),
  );
});

test("how the events are batched does not matter, and one that comes twice changes nothing", () => {
  fc.assert(
    fc.property(fc.array(TEXT), fc.nat(10), (pieces, cut) => {
      const events = sent(pieces);
      const whole = foldDrafts(NO_DRAFTS, events, keyOf);
      const first = foldDrafts(NO_DRAFTS, events.slice(0, cut), keyOf);
      expect(foldDrafts(first, events.slice(cut), keyOf)).toEqual(whole);
      expect(
        foldDrafts(
          NO_DRAFTS,
          events.flatMap((event) => [event, event]),
          keyOf,
        ),
      ).toEqual(whole);
    }),
  );
});

test.each([
  ["it is over", delta(3, "", true)],
  ["the whole message is there", answer(keyOf(ID))],
])("once %s there is no draft", (_, end) => {
  expect(foldDrafts(NO_DRAFTS, [delta(0, "Oh."), end], keyOf).size).toBe(0);
});

test("what answers another message, or comes from a program, leaves a draft as it is", () => {
  const drafts = foldDrafts(NO_DRAFTS, [delta(0, "Oh.")], keyOf);
  const byProgram: LiveEvent = {
    kind: "message",
    id: 8,
    message: { ...PAIR.coach_message, idempotency_key: null },
  };
  expect(foldDrafts(drafts, [answer("another"), byProgram, delta(0, "", true, "other")], keyOf)).toBe(drafts);
});
