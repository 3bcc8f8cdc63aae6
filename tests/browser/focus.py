"""Going round a page with Tab: where that leads, and whether one sees it."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import FloatRect, Page

MOST_STOPS = 100
AROUND_PX = 6
"""An outline lies outside of what it is about."""

LEAVE = "() => { window.left = document.activeElement; left.blur(); }"
RETURN = "() => left.focus({ preventScroll: true })"
BEGIN = "() => { window.walked = new Set(); }"
NEXT = """(around) => {
  const element = document.activeElement;
  if (walked.has(element)) return null;
  walked.add(element);
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const [x, y] = [Math.max(0, left - around), Math.max(0, top - around)];
  const width = Math.min(innerWidth, right + around) - x;
  const height = Math.min(innerHeight, bottom + around) - y;
  return { html: element.outerHTML.slice(0, 120), isPage: element === document.body, clip: { x, y, width, height } };
}"""
LEFT_OUT = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter((element) => element.tabIndex >= 0 && !element.disabled && element.checkVisibility())
  .filter((element) => !walked.has(element))
  .map((element) => element.outerHTML.slice(0, 120))"""
CHANGED = """async (pictures) => {
  const contrast = 3;
  const drawn = async (picture) => {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    return canvas.getImageData(0, 0, image.width, image.height).data;
  };
  const linear = (value) => (value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = (data, at) =>
    0.2126 * linear(data[at]) + 0.7152 * linear(data[at + 1]) + 0.0722 * linear(data[at + 2]) + 0.05;
  const [one, other] = await Promise.all(pictures.map(drawn));
  let changed = 0;
  for (let at = 0; at < one.length; at += 4) {
    const [darker, lighter] = [luminance(one, at), luminance(other, at)].sort((a, b) => a - b);
    if (lighter / darker >= contrast) changed += 1;
  }
  return changed;
}"""
"""How many pixels of two pictures differ by what WCAG asks of a focus indicator, a contrast of 3 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """An element that had the focus. Without it, `changed_px` of it and around it look otherwise."""

    html: str
    changed_px: int
    around_px: float

    @property
    def is_seen(self) -> bool:
        """As much has changed as a thin line goes at least half around it."""
        return self.changed_px >= self.around_px / 2


def walk(page: Page) -> Iterator[Stop]:
    """Press Tab until the focus was everywhere."""
    page.evaluate(BEGIN)
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(NEXT, AROUND_PX)
        if here is None:
            return
        if not here["isPage"]:  # it is, between the last element and the first
            yield _looked_at(page, here["html"], here["clip"])
    raise AssertionError(f"Tab does not come back within {MOST_STOPS} elements.")


def _looked_at(page: Page, html: str, clip: FloatRect) -> Stop:
    focused = page.screenshot(clip=clip)
    page.evaluate(LEAVE)
    pictures = [b64encode(picture).decode() for picture in (focused, page.screenshot(clip=clip))]
    page.evaluate(RETURN)
    around_px = 2 * (clip["width"] + clip["height"] - 4 * AROUND_PX)
    return Stop(html=html, changed_px=page.evaluate(CHANGED, pictures), around_px=around_px)


def left_out(page: Page) -> list[str]:
    """What could have the focus, and did not have it on the walk."""
    found: list[str] = page.evaluate(LEFT_OUT)
    return found
