"""Messages out of a stream or an mbox file, each read no further than it may be long."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from app.calendars.mails import MOST_BYTES

_BEGINS = b"From "
_QUOTED = re.compile(rb">+From ")
_CHUNK = 64 * 1024
TOO_LONG = MOST_BYTES + 1


def message_in(stream: BinaryIO) -> bytes:
    """The one message of a stream. Of one that is too long as much is kept as shows it; the rest is read
    away, so that whoever writes it is not cut off.
    """
    kept = stream.read(TOO_LONG)
    while len(kept) == TOO_LONG and stream.read(_CHUNK):
        pass
    return _without_begin(kept)


def messages_in(mailbox: BinaryIO) -> Iterator[bytes]:
    """The messages of an mbox file in their order (RFC 4155; quoted as mboxrd has it)."""
    parts: list[bytes] | None = None
    size = 0
    is_line_start = after_blank = True
    while line := mailbox.readline(_CHUNK):
        if is_line_start and after_blank and line.startswith(_BEGINS):
            if parts is not None:
                yield _joined(parts)
            parts, size = [], 0
        elif parts is not None:
            plain = line[1:] if is_line_start and _QUOTED.match(line) else line
            if size < TOO_LONG:
                parts.append(plain[: TOO_LONG - size])
                size += len(parts[-1])
        after_blank = is_line_start and line in {b"\n", b"\r\n"}
        is_line_start = line.endswith(b"\n")
    if parts is not None:
        yield _joined(parts)


def _joined(parts: list[bytes]) -> bytes:
    """Without the empty line that sets messages apart."""
    whole = b"".join(parts)
    return whole.removesuffix(b"\r\n" if whole.endswith(b"\r\n\r\n") else b"\n") if len(parts) > 1 else whole


def _without_begin(message: bytes) -> bytes:
    """Some programs begin a message that they hand on as an mbox does."""
    return message.partition(b"\n")[2] if message.startswith(_BEGINS) else message
