"""How a command says that it could not do what was asked: one line, and an exit code."""


class CommandError(Exception):
    """What was given cannot be used. The message is one line that names it and says what to do."""

    exit_code = 2


class DidNotHoldError(CommandError):
    """The command did its work, and what it was to show, reach or wait for did not hold."""

    exit_code = 1
