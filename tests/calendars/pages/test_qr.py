"""The QR codes are read by a reader that does not know how they were made."""

import re

import pytest
import zxingcpp

from app.calendars.subscribing import LONGEST, QUIET_ZONE, qr_code, subscription
from tests.people import browser_of
from tests.reader import Client

MODULE = 4
"""Pixels."""


def pixels(svg: str) -> memoryview:
    """The drawing as grey pixels: a white field, and on it horizontal strokes one unit thick."""
    (side,) = re.findall(r'viewBox="0 0 (\d+) \1"', svg)
    size = int(side)
    field, strokes = re.findall(r'<path (?:fill="#fff"|stroke="#000")[^>]* d="([^"]+)"', svg)
    assert field == f"M0 0h{size}v{size}h-{size}z"
    rows = [bytearray(b"\xff" * size * MODULE) for _ in range(size)]
    x, y = 0, 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", strokes):
        if command == "h":
            length = int(first)
            rows[int(y)][x * MODULE : (x + length) * MODULE] = bytes(length * MODULE)
            x += length
        else:
            x, y = (int(first), float(second)) if command == "M" else (x + int(first), y + float(second))
    raster = b"".join(bytes(row) * MODULE for row in rows)
    return memoryview(raster).cast("B", (size * MODULE, size * MODULE))


def read(svg: str) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(pixels(svg))]


@pytest.mark.parametrize(
    "text",
    [
        "webcal://127.0.0.1:8000/calendar/HB1AaXSoApjGfU-kii02Tk3dv54IX88p.ics",
        "webcal://learn.example.org/journeys/calendar.ics?q=sant%C3%A9+%E5%81%A5%E5%BA%B7&status=open",
        "webcal://learn.example.org/" + "a" * (LONGEST - 27),
    ],
)
def test_a_code_says_the_address(text):
    assert read(qr_code(text)) == [text]


def test_a_code_can_be_shown_under_a_strict_policy_and_in_the_dark():
    svg = str(qr_code("webcal://127.0.0.1:8000/calendar/x.ics"))

    assert "style" not in svg
    assert 'fill="#fff"' in svg  # its own white field, whatever the page's colour
    assert 'stroke="#000"' in svg
    assert (
        f"M{QUIET_ZONE} {QUIET_ZONE}.5h7" in svg
    )  # the first line of the first corner, after the quiet zone


def test_a_subscription_is_the_same_address_in_both_forms(settings):
    found = subscription("https://learn.example.org/journeys/a/calendar.ics", settings)
    assert found.webcal == "webcal://learn.example.org/journeys/a/calendar.ics"
    assert (found.host, found.is_loopback) == ("learn.example.org", True)
    assert read(found.code) == [found.webcal]


def test_the_code_on_the_page_leads_to_the_calendar(app, client: Client, database):
    page = client.get("/journeys/calendar?status=open")
    (svg,) = re.findall(
        r'<div role="img" aria-label="QR code[^"]*">(<svg.*?</svg>)</div>', page.text, re.DOTALL
    )
    (address,) = read(svg)
    assert address == "webcal://127.0.0.1:8000/journeys/calendar.ics?status=open"
    answer = browser_of(app).get(address.removeprefix("webcal://127.0.0.1:8000"))
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")


def test_an_address_that_no_camera_could_read_has_no_code(app, client: Client, database):
    words = dict.fromkeys(("q", "topic", "audience", "language", "kind"), "健" * 200)
    page = client.get("/journeys/calendar", query_string=words)
    assert page.status_code == 200
    assert "QR code" not in page.text
    assert page.text.count("%E5%81%A5" * 200) >= 10  # the address is there to copy, and to press
    assert client.get("/journeys/calendar.ics", query_string=words).status_code == 200
