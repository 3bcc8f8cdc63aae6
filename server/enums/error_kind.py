"""Why an action did not succeed."""

from server.enums.labelled import Labelled


class ErrorKind(Labelled):
    """The `kind` of an action's `error`."""

    INVALID_PARAMS = "invalid_params"
    NOT_FOUND = "not_found"
    ARCHIVED = "archived"
    CONFLICT = "conflict"
    NOT_ALLOWED = "not_allowed"
    UNKNOWN_ACTION = "unknown_action"
    TIME_LIMIT = "time_limit"
    WORKER_LOST = "worker_lost"
    EXCEPTION = "exception"
