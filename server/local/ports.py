"""TCP ports on this machine."""

import random
import socket

from server.local.errors import LocalError, RefusedError

LOOPBACK = "127.0.0.1"
# Below what systems hand out to outgoing connections: a port from here is still free after a restart.
FREE_RANGE = range(20_000, 30_000)
# What this process chose already: a port is chosen long before its program listens on it.
_chosen: set[int] = set()
# Not as others in this process draw: where they set the seed, two processes would choose the same ports.
_random = random.SystemRandom()


def is_free(port: int, host: str = LOOPBACK) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port that nobody listens on now. Each call of a process answers another one."""
    for port in _random.sample(FREE_RANGE, 200):
        if port not in _chosen and is_free(port):
            _chosen.add(port)
            return port
    raise LocalError(f"No free port was found between {FREE_RANGE.start} and {FREE_RANGE.stop}.")


def settle(port: int, option: str, host: str = LOOPBACK) -> int:
    """The port to use: a free one for 0, else `port` itself, if nobody has it."""
    if port == 0:
        return free_port()
    if not 0 < port < 65_536:
        raise RefusedError(f"{option} {port} is not a port: give 1 to 65535, or 0 for a free one.")
    if not is_free(port, host):
        raise RefusedError(
            f"Port {port} is in use by another program: "
            f"choose another with {option}, or {option} 0 for a free one."
        )
    return port
