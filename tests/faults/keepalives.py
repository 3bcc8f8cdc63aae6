"""`python -m tests.faults.keepalives`: what the kernel was told of this process's connection to PostgreSQL, as JSON."""

import json
import os
import socket

import django
from django.db import connection

OPTIONS = {
    "keepalive": (socket.SOL_SOCKET, socket.SO_KEEPALIVE),
    "idle_s": (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
    "interval_s": (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL),
    "count": (socket.IPPROTO_TCP, socket.TCP_KEEPCNT),
    "user_timeout_ms": (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT),
}


def main() -> None:
    django.setup()
    connection.ensure_connection()
    with socket.socket(fileno=os.dup(connection.connection.pgconn.socket)) as end:
        print(json.dumps({name: end.getsockopt(*option) for name, option in OPTIONS.items()}))


if __name__ == "__main__":
    main()
