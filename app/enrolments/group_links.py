"""The link by which a group's places are taken: signed, nothing stored, invalid once it is renewed."""

from itsdangerous import BadSignature, URLSafeSerializer

from app.config import Settings
from app.enrolments.reserved import ReservedBlock

PURPOSE = "meridian group link"
LONGEST_TOKEN = 200


def token_of(block: ReservedBlock, settings: Settings) -> str:
    """The secret of a block's link as it is now."""
    return _signing(settings).dumps([block.id, block.link_version])


def read(token: str, settings: Settings) -> tuple[int, int] | None:
    """Which block, and which version of its link, a token was made for; None for one we did not make.

    Whether that version is still the one that counts is for the block to say.
    """
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        block_id, version = _signing(settings).loads(token)
    except (BadSignature, TypeError, ValueError):
        return None
    return int(block_id), int(version)


def _signing(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret_key, salt=PURPOSE)
