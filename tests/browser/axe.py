"""Asking axe whether a page can be used by everyone."""

from typing import Any

from playwright.sync_api import Page

from tools.problems import ROOT

SCRIPT = ROOT / "client" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

SETTLED = """async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const ends = (animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime ?? Infinity);
  const moving = () => document.getAnimations().filter((one) => one.playState === "running" && ends(one));
  for (let round = 0; round < 50; round += 1) {
    await frame();
    await frame();
    if (moving().length === 0) return [];
    await Promise.allSettled(moving().map(({ finished }) => finished));
  }
  return moving().map(({ effect }) => effect?.target?.outerHTML.slice(0, 160) ?? "an animation");
}"""
"""Colours on their way to others are none that anybody reads. Where one change ends, the next may begin."""


def problems_of(page: Page) -> list[str]:
    """What axe finds on the page as it stands once nothing moves, a line each."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT.read_text() + "\n;void 0")
    moving: list[str] = page.evaluate(SETTLED)
    assert moving == [], "these do not come to rest:\n" + "\n".join(moving)
    found: list[dict[str, Any]] = page.evaluate(
        "async (rules) => (await axe.run({runOnly: rules, resultTypes: ['violations']})).violations", RULES
    )
    return [
        f"{violation['id']} ({violation['help']}): {node['html'][:300]} | {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]
