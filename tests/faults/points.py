"""The named points, by the role that passes by them. Imported before Django is set up."""

from server.services.crash_points import CrashPoint

WORKER_POINTS = (
    CrashPoint.BEFORE_CLAIM,
    CrashPoint.AFTER_CLAIM,
    CrashPoint.IN_HANDLER,
    CrashPoint.AFTER_EFFECT,
    CrashPoint.BEFORE_COMMIT,
    CrashPoint.AFTER_COMMIT,
    CrashPoint.AFTER_PUBLISH,
)
RELAY_POINTS = (
    CrashPoint.RELAY_AFTER_GIVING_UP,
    CrashPoint.RELAY_BEFORE_PUBLISH,
    CrashPoint.RELAY_AFTER_PUBLISH,
)
ACCEPT_POINTS = (
    CrashPoint.BEFORE_ACCEPT_COMMIT,
    CrashPoint.AFTER_ACCEPT_COMMIT,
    CrashPoint.AFTER_ACCEPT_PUBLISH,
)
