import { vi } from "vitest";

/** What a test says of the sizes, which jsdom has none of. */
export interface Layout {
  /** How high each item is, by its `data-place`; others are 100 high. */
  heights: Record<string, number>;
  viewportHeight: number;
}

/** Lays the items with a `data-place` under each other in the box `#viewport`, whose scroll position holds as in a browser. */
export function layOut(layout: Layout): void {
  let scrolled = 0;
  const heightOf = (item: HTMLElement) => layout.heights[item.dataset.place ?? ""] ?? 100;
  const items = () => [...document.querySelectorAll<HTMLElement>("[data-place]")];
  const whole = () => items().reduce((sum, item) => sum + heightOf(item), 0);
  const furthest = () => Math.max(0, whole() - layout.viewportHeight);

  vi.spyOn(Element.prototype, "scrollHeight", "get").mockImplementation(whole);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockImplementation(() => layout.viewportHeight);
  vi.spyOn(Element.prototype, "scrollTop", "get").mockImplementation(() => Math.min(scrolled, furthest()));
  vi.spyOn(Element.prototype, "scrollTop", "set").mockImplementation((top) => {
    scrolled = Math.max(0, Math.min(top, furthest()));
  });
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(function (this: HTMLElement) {
    if (this.dataset.place === undefined) return new DOMRect(0, 0, 300, layout.viewportHeight);
    const before = items();
    const above = before.slice(0, before.indexOf(this)).reduce((sum, item) => sum + heightOf(item), 0);
    return new DOMRect(0, above - Math.min(scrolled, furthest()), 300, heightOf(this));
  });
}
