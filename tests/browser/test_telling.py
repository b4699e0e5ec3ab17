"""A sitting is moved, its people are to be told, and are told now: in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.acting import press, sign_in

ORGANISER = "organiser in London"
SESSION = "/organise/journeys/financing-and-payment/sessions/paying-teams/"


def is_sound(page: Page, axe: Callable[..., list[str]], name: str) -> None:
    """Nothing is wrong with the page, wide and narrow."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_change_is_told_now(page, live_server, axe):
    sign_in(page, live_server, ORGANISER)
    page.goto(SESSION)
    press(page.locator("article").get_by_role("link", name=re.compile("^Change ")).first)
    page.get_by_label("Begins").fill("20:10")
    press(page.get_by_role("button", name="Save the sitting"))
    expect(page.get_by_text("gets a mail 10 minutes after you save")).to_be_visible()
    page.get_by_label("Note to participants").fill("The room was taken.")
    press(page.get_by_role("button", name="Save the change"))
    expect(page.get_by_text("told of the change")).to_be_visible()
    expect(page.get_by_text("not reached by mail")).to_be_visible()
    is_sound(page, axe, "overview")

    press(page.get_by_role("link", name="See the message as three people get it"))
    expect(page.get_by_text("The room was taken.").first).to_be_visible()
    is_sound(page, axe, "preview")
    page.go_back()
    press(page.get_by_role("button", name="Tell now"))
    expect(page.get_by_text("People are told now.")).to_be_visible()
    live_server.flask("worker", "--once")
    page.goto(SESSION)
    expect(page.get_by_text("told of the last change")).to_be_visible()
