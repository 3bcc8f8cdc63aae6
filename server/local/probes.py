"""Asking a running role whether it is ready."""

import json
from http.client import HTTPConnection, HTTPException

from server.local.ports import LOOPBACK


def http_problem(port: int, path: str, *, timeout_s: float = 2.0) -> str | None:
    """Why the role on this port is not ready; None where it answers 200. No proxy is asked."""
    connection = HTTPConnection(LOOPBACK, port, timeout=timeout_s)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read(4096)
    except (OSError, HTTPException) as error:
        return f"no answer on port {port}: {error or type(error).__name__}"
    finally:
        connection.close()
    return None if response.status == 200 else f"{path} answers {response.status}{_detail(body)}"


def _detail(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    return f": {answer['detail']}" if isinstance(answer, dict) and "detail" in answer else f": {answer}"
