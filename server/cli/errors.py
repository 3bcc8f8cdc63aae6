"""How a command says that it could not do what was asked: a line for each fault, and an exit code."""


class CommandError(Exception):
    """What was given cannot be used. Each of its faults is one line that names it and says what to do."""

    exit_code = 2

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class DidNotHoldError(CommandError):
    """The command did its work, and what it was to show, reach or wait for did not hold."""

    exit_code = 1


class Interrupted(CommandError):
    """Whoever began the command ended it, by Ctrl-C say. The message says how far it was, and what is left of it."""

    exit_code = 130
