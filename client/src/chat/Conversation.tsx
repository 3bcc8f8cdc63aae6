import { useCallback, useEffect, useRef } from "react";
import { useMessages } from "../api/queries";
import { useOutbox } from "../outbox/useOutbox";
import { AwaitedMessages, MissingMessages } from "./Awaited";
import { Composer } from "./Composer";
import classes from "./Conversation.module.css";
import { Earlier } from "./Earlier";
import { EmptyState } from "./EmptyState";
import { LinkedMessageNote } from "./LinkedMessageNote";
import { MessageList } from "./MessageList";
import { pendingTurn } from "./pendingTurn";
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

  const pending = pendingTurn(messages, outbox.underWay);
  const isEmpty = messages.length === 0 && pending.content === null;
  const fillBox = (text: string) => {
    outbox.setDraft(text);
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
            />
            {!isEmpty && (
              <MessageList
                messages={messages}
                isWhole={!hasOlder}
                pending={pending}
                highlighted={linked.highlighted}
              />
            )}
            {isEmpty && (
              <Nothing isLoading={isLoading} hasFailed={error !== null} retry={retry} onPick={fillBox} />
            )}
          </div>
        </section>
        {!isAtBottom && <ToLatest unseen={unseen} onClick={toLatest} />}
      </div>
      <Composer outbox={outbox} box={box} onSent={toBottom} />
    </>
  );
}

interface NothingProps {
  isLoading: boolean;
  hasFailed: boolean;
  retry: () => void;
  onPick: (text: string) => void;
}

function Nothing({ isLoading, hasFailed, retry, onPick }: NothingProps) {
  if (isLoading) return <AwaitedMessages />;
  return hasFailed ? <MissingMessages retry={retry} /> : <EmptyState onPick={onPick} />;
}

/** Puts the focus into the box when the page opens; not on a phone, whose keyboard would cover the page. */
function useFocusAtFirst(box: React.RefObject<HTMLElement | null>, isWanted: boolean): void {
  const wanted = useRef(isWanted);
  useEffect(() => {
    if (wanted.current && window.matchMedia("(hover: hover)").matches)
      box.current?.focus({ preventScroll: true });
  }, [box]);
}
