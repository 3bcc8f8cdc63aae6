"""Why an action did not succeed."""

from collections.abc import Mapping

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

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS: Mapping[ErrorKind, str] = {
    ErrorKind.INVALID_PARAMS: "The parameters do not fit",
    ErrorKind.NOT_FOUND: "Not found",
    ErrorKind.ARCHIVED: "Archived",
    ErrorKind.CONFLICT: "In conflict with something else",
    ErrorKind.NOT_ALLOWED: "Not allowed now",
    ErrorKind.UNKNOWN_ACTION: "Unknown action",
    ErrorKind.TIME_LIMIT: "It took too long",
    ErrorKind.WORKER_LOST: "It was cut short",
    ErrorKind.EXCEPTION: "Something went wrong",
}
