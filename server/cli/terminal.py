"""What the commands show: a spinner and colours on a terminal, plain lines elsewhere."""

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from server.local.system import Addresses


class TerminalReporter:
    """Tells a person how the start is getting on."""

    def __init__(self) -> None:
        # Long lines are left whole where nobody folds them: they are read by programs, and by `--detach`.
        self._console = Console(highlight=False, soft_wrap=True)
        self._status: Status | None = None

    def working(self, text: str) -> None:
        if not self._console.is_terminal:
            self._console.print(escape(text))
        elif self._status is None:
            self._status = self._console.status(escape(text))
            self._status.start()
        else:
            self._status.update(escape(text))

    def say(self, text: str) -> None:
        self._console.print(escape(text))

    def ready(self, addresses: Addresses) -> None:
        self.close()
        for name, value in _rows(addresses):
            self._console.print(
                f"  {name:<12}[bold]{escape(value)}[/bold]" if value else f"[green]{name}[/green]"
            )

    def close(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None


def _rows(addresses: Addresses) -> list[tuple[str, str]]:
    rows = [
        ("The coach is ready.", ""),
        ("Web", addresses.web_url),
        ("API", f"{addresses.web_url}api/v1/docs"),
        ("Admin", f"{addresses.web_url}admin/"),
    ]
    if addresses.demo_login:
        rows.append(("Demo login", addresses.demo_login.replace(":", "  ", 1)))
    return [
        *rows,
        ("Flower", addresses.flower_url),
        ("its login", addresses.flower_login.replace(":", "  ", 1)),
        ("Logs", str(addresses.home.logs)),
        ("End it", "Ctrl-C, or `coach down`"),
    ]
