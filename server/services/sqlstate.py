"""What PostgreSQL calls the errors that Django raises for it."""

UNDEFINED_TABLE = "42P01"
DEADLOCK = "40P01"
SERIALIZATION_FAILURE = "40001"
LOCK_NOT_AVAILABLE = "55P03"
QUERY_CANCELED = "57014"
READ_ONLY = "25006"

CONTENTION = frozenset({LOCK_NOT_AVAILABLE, DEADLOCK, SERIALIZATION_FAILURE})
"""What it says where another session was in the way."""

# What it says where it is away, whatever it was asked: it is being ended, starts or recovers (57P), takes no writes
# (25006), has no disk, memory or connections left (53), or cannot be reached (08). Not 53400, a limit that the query
# itself broke; nor a connection that broke without a word: the query may have broken it, and would again.
AWAY = frozenset({
    "57P01", "57P02", "57P03", READ_ONLY, "53000", "53100", "53200", "53300",
    "08000", "08001", "08003", "08004", "08006",
})  # fmt: skip


def sqlstate(error: object) -> str:
    """The code of the error that Django's stands for; empty where PostgreSQL said nothing."""
    return getattr(getattr(error, "__cause__", None), "sqlstate", None) or ""


def is_away(error: object) -> bool:
    """Whether a database error says that the database is away, and nothing about what was asked of it."""
    return sqlstate(error) in AWAY


def is_read_only(error: object) -> bool:
    """Whether a database error says that no writes are taken."""
    return sqlstate(error) == READ_ONLY
