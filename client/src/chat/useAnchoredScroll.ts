import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { hasItems, isAtBottom, itemOf, type Place, placeIn, returnTo } from "./place";

/** Within this many pixels of the top the next older part is fetched. */
const NEAR_TOP = 400;

export interface AnchoredScroll {
  viewport: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  isAtBottom: boolean;
  toBottom: () => void;
  toItem: (key: string) => void;
}

/**
 * Keeps the end in view while the reader is there, and else what is being read where it is.
 *
 * By hand, since not every browser anchors what is scrolled; so `overflow-anchor` is off where one would.
 */
export function useAnchoredScroll(onNearTop: () => void): AnchoredScroll {
  const viewport = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const place = useRef<Place | null>(null);
  const lastTop = useRef(0);
  const [atBottom, setAtBottom] = useState(true);

  const noteWhere = useCallback((box: HTMLElement) => {
    // Only a reader who goes up leaves the end: it may have moved away by itself.
    const hasGoneUp = box.scrollTop < lastTop.current - 1;
    sticks.current = isAtBottom(box) || (sticks.current && !hasGoneUp);
    lastTop.current = box.scrollTop;
    place.current = placeIn(box);
    setAtBottom(sticks.current);
  }, []);

  const settle = useCallback(() => {
    const box = viewport.current;
    if (box === null || !hasItems(box)) return;
    if (sticks.current) box.scrollTop = box.scrollHeight;
    else if (place.current !== null) returnTo(box, place.current);
    lastTop.current = box.scrollTop;
  }, []);

  // With the change itself, before a scroll event can take the moved items for what is being read.
  useLayoutEffect(settle);

  useEffect(() => {
    if (viewport.current === null || content.current === null) return;
    const observer = new ResizeObserver(settle);
    observer.observe(viewport.current);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, [settle]);

  useEffect(() => {
    const box = viewport.current;
    if (box === null) return;
    const onScroll = () => {
      noteWhere(box);
      if (box.scrollTop < NEAR_TOP) onNearTop();
    };
    box.addEventListener("scroll", onScroll, { passive: true });
    return () => box.removeEventListener("scroll", onScroll);
  }, [noteWhere, onNearTop]);

  const toBottom = useCallback(() => {
    sticks.current = true;
    settle();
    setAtBottom(true);
  }, [settle]);

  const toItem = useCallback((key: string) => {
    const box = viewport.current;
    const item = box && itemOf(box, key);
    if (!item) return;
    sticks.current = false;
    item.scrollIntoView({ block: item.offsetHeight < box.clientHeight ? "center" : "start" });
    item.focus({ preventScroll: true });
    lastTop.current = box.scrollTop;
    place.current = placeIn(box);
    setAtBottom(isAtBottom(box));
  }, []);

  return { viewport, content, isAtBottom: atBottom, toBottom, toItem };
}
