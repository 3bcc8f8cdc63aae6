"""What can be in the way of running the system on this machine."""


class LocalError(Exception):
    """Something on this machine is in the way. The message is one line that names it and says what to do."""

    exit_code = 1


class RefusedError(LocalError):
    """What was asked for cannot be done here: a busy port, a home that is in use, a wrong number."""

    exit_code = 2
