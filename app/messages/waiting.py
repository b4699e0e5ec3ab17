"""Waiting for a mail server that is slow, and for no longer than was said."""

import io
import socket
import time
from typing import Any

PART = 16_384
"""So much is one record of TLS (RFC 8446, 5.1)."""


class Drops(io.RawIOBase):
    """What comes over a connection until a moment of `time.monotonic`, in however small pieces it comes.

    Reading raises TimeoutError afterwards. The timeout of the connection is another then.
    """

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock, self._until = sock, until

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        self._sock.settimeout(_left_until(self._until))
        return self._sock.recv_into(room)


def hand_all(sock: socket.socket, content: bytes, seconds: float) -> None:
    """Send it all within so many seconds, or raise TimeoutError. The connection's timeout is another then.

    In parts: over TLS each record is waited for anew.
    """
    until = time.monotonic() + seconds
    for first in range(0, len(content), PART):
        sock.settimeout(_left_until(until))
        sock.sendall(content[first : first + PART])


def _left_until(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left
