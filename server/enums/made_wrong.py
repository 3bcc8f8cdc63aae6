"""What ends the start where the source of an action is wrong."""


class MadeWrongError(Exception):
    """An action, a prompt or a handler is not as it must be; the message names the file and the mend."""
