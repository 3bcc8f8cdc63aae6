import { useCallback, useEffect, useRef } from "react";
import { useMessages } from "../api/queries";
import { type OutboxState, useOutbox } from "../outbox/useOutbox";
import { AwaitedMessages, MissingMessages } from "./Awaited";
import { Composer } from "./Composer";
import classes from "./Conversation.module.css";
import { Earlier } from "./Earlier";
import { EmptyState } from "./EmptyState";
import { LinkedMessageNote } from "./LinkedMessageNote";
import { MessageList } from "./MessageList";
import { ToLatest } from "./ToLatest";
import { useAnchoredScroll } from "./useAnchoredScroll";
import { useLinkedMessage } from "./useLinkedMessage";
import { useSpokenMessages } from "./useSpokenMessages";
import { useSpokenOutcomes } from "./useSpokenOutcomes";
import { useUnseen } from "./useUnseen";

/** What was said, and the box for what is to be said. */
export function Conversation({ userId }: { userId: string }) {
  const conversation = useMessages();
  const { messages, hasOlder, loadOlder, isLoading, isLoadingOlder, error, retry } = conversation;
  const outbox = useOutbox(userId);
  const box = useRef<HTMLTextAreaElement>(null);

  const onNearTop = useCallback(() => {
    if (hasOlder && !isLoadingOlder && !error) loadOlder();
  }, [hasOlder, isLoadingOlder, error, loadOlder]);
  const { viewport, content, isAtBottom, toBottom, toItem } = useAnchoredScroll(onNearTop);
  const linked = useLinkedMessage(conversation, toItem);
  const unseen = useUnseen(messages, isAtBottom);
  useSpokenMessages(conversation);
  useSpokenOutcomes();
  useFocusAtFirst(box, linked.state === "none");

  const hasOwn = outbox.underWay !== null || outbox.unsent.length > 0;
  const isEmpty = messages.length === 0;
  const fillBox = (text: string) => {
    const written = outbox.draft.trimEnd();
    outbox.setDraft(written === "" ? text : `${written}\n${text}`);
    box.current?.focus();
  };
  const toLatest = () => {
    toBottom();
    box.current?.focus();
  };

  return (
    <>
      <LinkedMessageNote state={linked.state} dismiss={linked.dismiss} />
      <div className={classes.history}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section ref={viewport} className={classes.viewport} tabIndex={0} aria-label="Conversation">
          <div ref={content} className={classes.content}>
            <Earlier
              hasOlder={hasOlder}
              isLoading={isLoadingOlder}
              hasFailed={error !== null}
              load={loadOlder}
              next={viewport}
            />
            {isEmpty && isLoading && <AwaitedMessages />}
            {isEmpty && !isLoading && error !== null && <MissingMessages retry={retry} next={viewport} />}
            {isEmpty && !isLoading && error === null && !hasOwn && <EmptyState onPick={fillBox} />}
            {(!isEmpty || hasOwn) && (
              <MessageList
                messages={messages}
                isWhole={!hasOlder}
                outbox={withFocus(outbox, box)}
                highlighted={linked.highlighted}
              />
            )}
          </div>
        </section>
        {!isAtBottom && <ToLatest unseen={unseen} onClick={toLatest} />}
      </div>
      <Composer outbox={outbox} box={box} onSent={toBottom} />
    </>
  );
}

/** The outbox for the buttons in the conversation, which are gone once they are pressed: the focus goes to the box. */
function withFocus(outbox: OutboxState, box: React.RefObject<HTMLElement | null>): OutboxState {
  const focusing = (act: (key: string) => void) => (key: string) => {
    act(key);
    box.current?.focus();
  };
  const { tryAgain, edit, discard } = outbox;
  return { ...outbox, tryAgain: focusing(tryAgain), edit: focusing(edit), discard: focusing(discard) };
}

/** Puts the focus into the box when the page opens; not on a phone, whose keyboard would cover the page. */
function useFocusAtFirst(box: React.RefObject<HTMLElement | null>, isWanted: boolean): void {
  const wanted = useRef(isWanted);
  useEffect(() => {
    if (wanted.current && window.matchMedia("(hover: hover)").matches)
      box.current?.focus({ preventScroll: true });
  }, [box]);
}
