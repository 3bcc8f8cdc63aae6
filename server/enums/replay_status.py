"""Where a replay stands."""

from server.enums.labelled import Labelled


class ReplayStatus(Labelled):
    """The life of a replay: `starting` and `running` are open, the others are how it ended."""

    STARTING = "starting"
    RUNNING = "running"
    AS_EXPECTED = "as_expected"
    DIFFERS = "differs"
    STOPPED = "stopped"
    FAILED = "failed"


OPEN_REPLAY_STATUSES = frozenset({ReplayStatus.STARTING, ReplayStatus.RUNNING})
