"""The address that switches one kind of message off for one address (RFC 8058), signed and without an end."""

from itsdangerous import BadSignature, URLSafeSerializer

from app.messages.kinds import Choice

SALT = "stop messages"
LONGEST_TOKEN = 2500
"""More than twice what the longest address takes, whatever letters it is written in."""


def stop_link(address: str, choice: Choice, site_url: str, secret_key: str) -> str:
    """Where a kind of message is switched off for an address; a GET shows a button, a POST does it."""
    return f"{site_url}/stop/{token_for(address, choice, secret_key)}"


def token_for(address: str, choice: Choice, secret_key: str) -> str:
    """What the link ends with."""
    token = URLSafeSerializer(secret_key, salt=SALT).dumps([address, choice.value])
    return token if isinstance(token, str) else token.decode()


def meant_by(token: str, secret_key: str) -> tuple[str, Choice] | None:
    """The address and the choice of a link; None when it is not ours."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        address, choice = URLSafeSerializer(secret_key, salt=SALT).loads(token)
        return str(address), Choice(choice)
    except (BadSignature, ValueError, TypeError):
        return None
