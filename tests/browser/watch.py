"""What a page complains of: errors, violations of the Content-Security-Policy, dialogs."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Error, Page

TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.tellViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}:${event.lineNumber}`);
});
"""
OF_THE_NETWORK = re.compile(r"Failed to load resource|net::ERR_")
"""What Chromium itself writes of an answer that is missing or says no. Tests look at what the page makes of it."""


@dataclass  # without slots: Playwright keeps a note on whose methods it calls
class Watch:
    """Collects them for all pages of a context."""

    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.expose_function("tellViolation", lambda text: self.complaints.append(f"CSP: {text}"))
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        context.on("page", self._opened)

    def check(self, pages: list[Page]) -> None:
        """Raises `AssertionError` where something was complained of."""
        for page in pages:
            _let_it_speak(page)
        assert not self.complaints, "the page complained:\n" + "\n".join(self.complaints)

    def forgive(self) -> list[str]:
        """Forget what was complained of so far, for a test that made it happen; answers it."""
        complaints, self.complaints = self.complaints, []
        return complaints

    def _opened(self, page: Page) -> None:
        page.on("dialog", self._asked)

    def _asked(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.type} {dialog.message}")
        dialog.dismiss()

    def _said(self, message: ConsoleMessage) -> None:
        if OF_THE_NETWORK.search(message.text):
            return
        if message.type in ("error", "assert"):
            self.complaints.append(f"console: {message.text}")


def _let_it_speak(page: Page) -> None:
    """Everything that the page said before this is heard after it."""
    if not page.is_closed():
        try:
            page.evaluate("0")
        except Error:  # it is being left
            return
