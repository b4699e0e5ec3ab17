"""What a mail server's answers mean (RFC 5321, 4.2; RFC 3463): whose fault a refusal is."""

import re
import smtplib

ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\b")
"""RFC 3463."""
ADDRESS_CODES = frozenset({550, 551, 553})
ADDRESS_DETAILS = frozenset({(1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 6), (1, 10), (2, 1)})
"""No such mailbox, no such host, moved, takes no mail at all, disabled."""
ABOUT_THE_MESSAGE = frozenset({(3, 4), (6, 7)})
"""It is too big, or its addresses need more than the server can."""
NOT_FOR_US = re.compile(
    r"\brelay(?!.*\brecipient table)|\brcpthosts\b|\bauthentication (is )?required", re.IGNORECASE
)
"""“Relay access denied”, “Unable to relay”, and what others say for it; not that a table of readers whose
mail is relayed does not know one."""
LONGEST_ANSWER = 500


def text_of(reply: tuple[int, bytes]) -> tuple[int, str]:
    """An answer's code and words, on one line. Raises OSError where the connection was closed instead."""
    code, answer = reply
    if code == -1:
        raise smtplib.SMTPServerDisconnected("the connection was closed")
    words = " ".join(answer.decode("utf-8", "replace").split()) if isinstance(answer, bytes) else str(answer)
    return code, "".join(mark if mark.isprintable() else " " for mark in words)[:LONGEST_ANSWER]


def is_about_the_message(code: int, answer: str) -> bool:
    """Whether a no to MAIL speaks of this message, and not of our sender."""
    return code == 552 or (code // 100 == 5 and _detail(answer) in ABOUT_THE_MESSAGE)


def is_not_for_us(code: int, answer: str) -> bool:
    """Whether a reader was refused because the server passes on no mail of ours, to them or to anybody.

    Its words cannot tell which: a server that has not let us in says the same to every reader as one that
    takes mail for its own domain says to all others. So neither the reader nor the message is to blame at
    first. Whether anybody's mail is accepted tells (`way.Way.accepts`).
    """
    if code != 454 and code // 100 != 5:
        return False
    return _detail(answer) not in ADDRESS_DETAILS and NOT_FOR_US.search(answer) is not None


def is_of_address(code: int, answer: str) -> bool:
    """Whether a reader was refused because the address takes no mail, and not because ours is unwelcome.

    Asked after `is_not_for_us`, which many servers say with the same code.
    """
    detail = _detail(answer)
    if detail is None or detail == (0, 0):
        return code in ADDRESS_CODES
    return detail in ADDRESS_DETAILS


def _detail(answer: str) -> tuple[int, int] | None:
    found = ENHANCED.match(answer)
    return (int(found[2]), int(found[3])) if found else None
