"""How the address of a calendar is offered: to press, to copy, and to scan."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

import segno
from markupsafe import Markup

from app.config import Settings

LONGEST = 300
"""Characters that a code of a hand's size can hold so that a camera still reads it."""

QUIET_ZONE = 4
"""Modules of white around a code (ISO/IEC 18004)."""


@dataclass(frozen=True)
class Subscription:
    """An address that calendar programs may follow."""

    address: str
    """As Google Calendar and Android want it: https, or http where the site has nothing else."""
    is_loopback: bool
    """Whether only programs on this computer reach it."""

    @property
    def webcal(self) -> str:
        """The same, so that a device opens its calendar program."""
        return f"webcal://{self.address.partition('://')[2]}"

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    @cached_property
    def code(self) -> Markup:
        """A QR code of `webcal`: black on white whatever colours the page has, with its quiet zone.

        Nothing for an address that is too long to be read off a screen.
        """
        return qr_code(self.webcal) if len(self.webcal) <= LONGEST else Markup()


def subscription(address: str, settings: Settings) -> Subscription:
    """What to offer of an address of this site."""
    return Subscription(address, settings.is_loopback)


def qr_code(text: str) -> Markup:
    """A QR code as inline SVG without style attributes. It survives a scratch of about 15 per cent."""
    code = segno.make_qr(text, error="m")
    return Markup(  # noqa: S704  # figures only: the text is in the modules
        code.svg_inline(
            omitsize=True, border=QUIET_ZONE, light="#fff", dark="#000", svgclass="qr", lineclass=None
        )
    )
