"""The form of a sitting in a real browser: refused, by keyboard, without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import sign_in

ORGANISER = "organiser in London"
SESSION = "/organise/journeys/financing-and-payment/sessions/capitation/"


def open_twin(page: Page) -> Page:
    page.goto(f"{SESSION}new-sitting")
    page.get_by_label("Day", exact=True).fill("2027-03-28")
    return page


@pytest.fixture
def form(open_page, live_server):
    return open_twin(sign_in(open_page(), live_server, ORGANISER))


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_refused_it_is_still_a_good_page(form, axe, width):
    form.set_viewport_size({"width": width, "height": 900})
    form.get_by_label("Online and in person").check()  # before the hour, whose panel moves what is below
    form.get_by_label("Begins").fill("01:30")
    form.get_by_label("Venue", exact=True).select_option("new")
    form.get_by_label("Places online").fill("0")
    form.locator("[name=agenda-0-minutes]").fill("500")
    form.get_by_role("button", name="Plan the sitting").click()

    expect(form.locator(".notice-bad")).to_be_focused()
    expect(form.locator(".has-error").nth(4)).to_be_attached()
    assert axe(form) == []
    assert form.evaluate("document.documentElement.scrollWidth <= innerWidth")
    form.get_by_role("link", name="Give the new venue a name.").click()
    expect(form.get_by_label("Name of the venue")).to_be_focused()


def test_what_a_choice_makes_meaningless_is_out_of_the_way(form):
    expect(form.get_by_label("Join link")).to_be_visible()
    expect(form.get_by_label("Venue", exact=True)).to_be_hidden()
    form.get_by_label("In person", exact=True).check()
    expect(form.get_by_label("Join link")).to_be_hidden()
    expect(form.get_by_label("Venue", exact=True)).to_be_visible()
    expect(form.get_by_label("Name of the venue")).to_be_hidden()
    form.get_by_label("Whole days, without hours").check()
    expect(form.get_by_label("Begins")).to_be_hidden()
    expect(form.get_by_label("First day")).to_be_visible()


def test_enter_in_a_field_saves_and_does_not_merely_check(form):
    form.get_by_label("Begins").fill("01:30")
    form.get_by_label("Join link").press("Enter")

    expect(form.locator(".notice-bad")).to_contain_text("There is no 01:30 in London")


def test_a_gap_is_left_by_one_press_without_javascript(open_page, live_server):
    page = open_twin(sign_in(open_page(java_script_enabled=False), live_server, ORGANISER))
    page.get_by_label("Begins").fill("01:30")
    page.get_by_role("button", name="Plan the sitting").click()
    page.get_by_role("button", name="Use 02:00").click()

    expect(page.get_by_label("Begins")).to_have_value("02:00")
    expect(page.locator("#h-chosen")).to_contain_text("02:00–03:30 London, BST")
    rows = page.locator("#agenda .rowset").count()
    page.get_by_role("button", name="Add a row to the agenda").click()
    expect(page.locator("#agenda .rowset")).to_have_count(rows + 1)
