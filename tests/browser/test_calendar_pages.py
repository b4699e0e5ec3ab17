"""Calendars in a real browser: the address to copy and to scan, and agendas on paper."""

import re
import struct
import zlib

import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from tests.browser.acting import sign_in
from tests.browser.preparing import add_long_journey

A4 = {b"/MediaBox [0 0 594.95996 841.91998]"}
"""As Chromium writes it, in points."""


def scanned(page: Page) -> list[str]:
    """What a camera reads off the screen."""
    return [one.text for one in zxingcpp.read_barcodes(grey(page.locator("figure:has(.qr)").screenshot()))]


def grey(png: bytes) -> memoryview:
    """The pixels of a PNG of 8-bit RGB or RGBA in shades of grey."""
    at, packed, width, height, samples = 8, b"", 0, 0, 3
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", data[:10])
            samples = {2: 3, 6: 4}[colour]
        packed += data if kind == b"IDAT" else b""
        at += 12 + length
    stride = width * samples
    raw, above, shades = zlib.decompress(packed), bytearray(stride), bytearray()
    for row in range(height):
        start = row * (stride + 1)
        line = bytearray(raw[start + 1 : start + 1 + stride])
        _unfilter(raw[start], line, above, samples)
        shades += bytes(sum(line[x : x + 3]) // 3 for x in range(0, stride, samples))
        above = line
    return memoryview(bytes(shades)).cast("B", (height, width))


def _unfilter(kind: int, line: bytearray, above: bytearray, samples: int) -> None:
    """The five filters of a PNG row, undone in place."""
    for x in range(len(line)):
        left, corner = (line[x - samples], above[x - samples]) if x >= samples else (0, 0)
        up = above[x]
        guess = left + up - corner
        nearest = min((abs(guess - one), place, one) for place, one in enumerate((left, up, corner)))[2]
        line[x] = (line[x] + (0, left, up, (left + up) // 2, nearest)[kind]) & 255


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_camera_reads_the_address_off_the_screen(open_page, live_server, scheme):
    page = open_page(color_scheme=scheme, viewport={"width": 360, "height": 900})
    page.goto("/journeys/calendar?q=capitation&status=open")
    address = live_server.url.replace("http://", "webcal://")
    assert scanned(page) == [f"{address}/journeys/calendar.ics?q=capitation&status=open"]
    expect(page.get_by_role("img", name=re.compile("^QR code"))).to_have_count(1)


def test_the_address_is_copied(open_page, live_server):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/journeys/financing-and-payment/calendar")
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("button", name="Copied")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{live_server.url}/journeys/financing-and-payment/calendar.ics"


def test_without_a_script_the_address_is_there_to_mark(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/journeys/financing-and-payment/calendar")
    expect(page.get_by_role("button", name="Copy the address")).to_be_hidden()
    expect(page.get_by_label("Public address of the sessions")).to_be_visible()
    page.goto("/journeys/financing-and-payment/agenda")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()


def test_an_agenda_on_paper(open_page, live_server):
    """A4, without menus, with the address of each session, and no entry on two sheets."""
    page = open_page(viewport={"width": 680, "height": 960})
    page.goto(add_long_journey(live_server, 40) + "agenda")
    expect(page.locator(".print-agenda > li")).to_have_count(40)
    page.evaluate("window.print = () => { document.title = 'printed'; }")
    page.get_by_role("button", name="Print").click()
    expect(page).to_have_title("printed")

    page.emulate_media(media="print")

    for hidden in (".masthead", ".zoneline", ".crumbs", ".footer", "[data-print]"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".print-only").first).to_have_text(re.compile(r"/journeys/[\w-]+/sessions/[\w-]+/$"))
    expect(page.locator(".print-only").first).to_be_visible()
    cuts = "all => all.map(one => getComputedStyle(one).breakInside)"
    assert set(page.locator(".print-agenda > li").evaluate_all(cuts)) == {"avoid"}
    assert set(page.locator(".print-month").evaluate_all(cuts)) == {"auto"}
    paper = page.pdf(prefer_css_page_size=True)
    assert set(re.findall(rb"/MediaBox\s*\[[^\]]*\]", paper)) == A4
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) in {3, 4, 5, 6}


def test_ones_own_agenda_names_whose_it_is_and_when(open_page, live_server):
    page = sign_in(open_page(), live_server, "adviser in Accra")
    page.goto("/me/calendar/agenda")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Agenda of Efua Mensah")).to_be_visible()
    expect(page.get_by_text(re.compile("Times are yours in Accra"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"As of \w+day \d+ \w+ \d{4}"))).to_be_visible()
