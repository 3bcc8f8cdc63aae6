/** What is being read: an item, and how far its top stands below the viewport's. */
export interface Place {
  key: string;
  offset: number;
}

/** A reader this close to the end means to be there. */
const CLOSE_TO_BOTTOM = 48;

/** The first item of which something is in view. */
export function placeIn(viewport: HTMLElement): Place | null {
  const items = viewport.querySelectorAll<HTMLElement>("[data-place]");
  const top = viewport.getBoundingClientRect().top;
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const isAbove = (items[middle]?.getBoundingClientRect().bottom ?? 0) <= top;
    if (isAbove) low = middle + 1;
    else high = middle;
  }
  const item = items[low];
  const key = item?.dataset.place;
  if (item === undefined || key === undefined) return null;
  return { key, offset: item.getBoundingClientRect().top - top };
}

/** Puts what was being read back to where it was, whatever has come or grown above it. */
export function returnTo(viewport: HTMLElement, { key, offset }: Place): void {
  const item = itemOf(viewport, key);
  if (item === null) return;
  const moved = item.getBoundingClientRect().top - viewport.getBoundingClientRect().top - offset;
  if (Math.abs(moved) >= 1) viewport.scrollTop += moved;
}

/** Without items there is no end to be at: a text instead of them is read from its beginning. */
export function hasItems(viewport: HTMLElement): boolean {
  return viewport.querySelector("[data-place]") !== null;
}

export function itemOf(viewport: HTMLElement, key: string): HTMLElement | null {
  return viewport.querySelector<HTMLElement>(`[data-place="${CSS.escape(key)}"]`);
}

export function isAtBottom({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight <= CLOSE_TO_BOTTOM;
}
