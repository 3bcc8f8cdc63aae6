"""Asking axe whether a page can be used by everyone."""

from typing import Any

from playwright.sync_api import Page

from tools.problems import ROOT

SCRIPT = ROOT / "client" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

SETTLED = """async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await frame();
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
}"""
"""Colours on their way to others are none that anybody reads."""


def problems_of(page: Page) -> list[str]:
    """What axe finds on the page as it stands once nothing moves, a line each."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT.read_text() + "\n;void 0")
    page.evaluate(SETTLED)
    found: list[dict[str, Any]] = page.evaluate(
        "async (rules) => (await axe.run({runOnly: rules, resultTypes: ['violations']})).violations", RULES
    )
    return [
        f"{violation['id']} ({violation['help']}): {node['html'][:300]} | {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]
