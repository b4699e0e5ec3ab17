"""The panel beside a time that is chosen: live with the script, by a button without."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.acting import sign_in

ORGANISER = "organiser in London"
SESSION = "/organise/journeys/financing-and-payment/sessions/capitation/"


def open_form(page: Page) -> Page:
    page.goto(SESSION)
    page.goto(
        page.locator('a[href^="/organise/offerings/"][href$="/edit"]').first.get_attribute("href") or ""
    )
    return page


@pytest.fixture
def form(open_page, live_server):
    return open_form(sign_in(open_page(), live_server, ORGANISER))


def chosen(page: Page):
    return page.locator("#h-chosen")


def test_the_panel_follows_the_fields(form):
    form.locator("#day").fill("2027-04-14")
    expect(chosen(form)).to_contain_text("Wednesday 14 April 2027")
    expect(form.locator(".panel-words")).to_contain_text("Bengali New Year’s Day in Bangladesh")
    form.get_by_label("Begins").fill("03:00")
    expect(chosen(form)).to_contain_text("03:00–04:30 London, BST")
    expect(form.locator("[data-panel] .zone-you time")).to_have_text("03:00–04:30")
    expect(form.locator(".panel-words")).to_have_attribute("aria-live", "polite")


def test_words_are_waited_for_until_they_mean_a_place(form):
    asked = []
    form.on("request", lambda request: "/panel" in request.url and asked.append(request.url))
    zone = form.get_by_label("Promised in the time of")
    zone.fill("")
    zone.press_sequentially("Nairo", delay=20)
    form.wait_for_timeout(800)
    assert asked == []
    zone.fill("Nairobi, Kenya (Africa/Nairobi)")
    expect(chosen(form)).to_contain_text("Nairobi, EAT")
    zone.fill("dhaka")
    zone.blur()
    expect(chosen(form)).to_contain_text("Dhaka, UTC+6")


def test_a_time_that_cannot_be_is_said_quietly(form):
    form.get_by_label("Minutes", exact=True).first.fill("4")
    expect(form.locator(".panel-words")).to_contain_text("at least 5 minutes")
    expect(form.locator("[data-panel] .dayband")).to_have_count(0)
    form.get_by_label("Minutes", exact=True).first.fill("60")
    expect(form.locator("[data-panel] .dayband")).to_have_count(1)


def test_when_it_cannot_be_fetched_the_old_words_are_disowned(form):
    def refuse(route: Route) -> None:
        route.fulfill(status=200, body="<p>Somebody else's page</p>", content_type="text/html")

    form.route("**/panel?*", refuse)
    stale = form.locator(".panel-stale")
    expect(stale).to_be_hidden()
    form.get_by_label("Begins").fill("09:00")
    expect(stale).to_be_visible()
    form.unroute("**/panel?*")
    form.get_by_label("Begins").fill("10:00")
    expect(stale).to_be_hidden()
    expect(chosen(form)).to_contain_text("10:00–11:30")


def test_without_the_script_a_button_asks(open_page, live_server):
    page = open_form(sign_in(open_page(java_script_enabled=False), live_server, ORGANISER))
    page.get_by_label("Begins").fill("03:00")
    page.get_by_role("button", name="Check this time").click()
    expect(chosen(page)).to_contain_text("03:00–04:30 London")
    expect(page.get_by_label("Begins")).to_have_value("03:00")
