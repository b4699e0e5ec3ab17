"""Editing what a journey holds by keyboard and without a script, and how its forms look when refused."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import send_empty, sign_in
from tests.browser.test_keyboard import UNTIED

PARTS = "/organise/journeys/financing-and-payment/parts"


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def desk(request, open_page, live_server):
    """An organiser's window."""
    page = open_page(java_script_enabled=request.param, reduced_motion="reduce")
    return sign_in(page, live_server, "organiser in London")


def press(page, name):
    """Press a button with the keyboard."""
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_a_moved_row_takes_the_focus(desk):
    desk.goto(f"{PARTS}/outcomes/")
    rows = desk.locator(".parts > li")
    first = rows.nth(0).get_by_role("link").first.inner_text()
    down = rows.nth(0).get_by_role("button", name="Down")

    down.focus()
    desk.keyboard.press("Enter")

    expect(desk.get_by_role("status")).to_contain_text("is number 2 of")
    expect(rows.nth(1).get_by_role("link").first).to_have_text(first)
    desk.keyboard.press("Tab")
    expect(rows.nth(1).get_by_role("link").first).to_be_focused()
    rows.nth(1).get_by_role("button", name="Up").press("Enter")
    expect(rows.nth(0).get_by_role("link").first).to_have_text(first)


def test_an_activity_with_its_people_is_added_and_deleted(desk):
    desk.goto(f"{PARTS}/activities/")
    desk.get_by_role("link", name="Add an activity").first.click()
    desk.get_by_label("Title").fill("A talk with slides")
    names = desk.get_by_label("Name", exact=True)
    names.nth(0).fill("Ama Owusu")
    names.nth(1).fill("Kofi Asante")
    press(desk, "Add a person")
    expect(names.nth(2)).to_be_focused()
    desk.keyboard.type("Esi Mensah")
    press(desk, re.compile("Up.*person 2"))
    expect(names.nth(0)).to_be_focused()
    desk.keyboard.press("Enter")  # in a field: saves

    row = desk.locator(".parts > li", has_text="A talk with slides")
    expect(row).to_contain_text("Kofi Asante, Ama Owusu, Esi Mensah")
    row.get_by_role("link", name="Delete").click()
    expect(desk.get_by_role("main")).to_contain_text(
        "The people named for it: Kofi Asante, Ama Owusu, Esi Mensah."
    )
    desk.get_by_role("button", name="Delete it").click()
    expect(desk.get_by_role("status")).to_contain_text("Deleted: “A talk with slides”.")
    expect(row).to_have_count(0)


@pytest.mark.parametrize("name", ["activities", "country-groups", "expected-zones"])
def test_a_refused_form_ties_every_word_to_its_field(open_page, live_server, axe, name):
    page = sign_in(open_page(), live_server, "organiser in London")
    page.goto(f"{PARTS}/{name}/new")
    assert page.evaluate(UNTIED) == []
    for label in ("Affiliation", "Institution", "How many people"):
        if page.get_by_label(label).count():
            page.get_by_label(label).first.fill("nobody" if label == "How many people" else "Ministry")
    send_empty(page, "Save")
    expect(page.locator(".has-error").first).to_be_visible()

    assert page.evaluate(UNTIED) == []
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page, ()) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
