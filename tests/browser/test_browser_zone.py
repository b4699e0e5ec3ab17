"""The script tells which zone the browser is in; the pages do the rest."""

import re

from playwright.sync_api import expect

from tests.browser.acting import press
from tests.browser.preparing import zone_of

WORDS = "three brown goats dance"


def fill(page, email, country):
    page.get_by_label("Name").fill("Priya Rao")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(WORDS)
    page.get_by_label("Country", exact=True).select_option(label=country)


def test_the_zone_line_offers_the_browsers_zone_by_its_name_of_today(open_page):
    page = open_page(timezone_id="Asia/Calcutta")
    page.goto("/privacy")
    press(page.get_by_role("link", name="Show times for Kolkata"))
    expect(page.get_by_role("radio", checked=True)).to_have_value("Asia/Kolkata")
    press(page.get_by_role("button", name="Show times here"))
    expect(page).to_have_url(re.compile("/privacy$"))
    expect(page.get_by_role("region", name="Your time zone")).to_contain_text("Times are shown for Kolkata")


def test_country_and_browser_agree_and_nothing_is_asked(open_page, live_server):
    page = open_page(timezone_id="America/Chicago")
    page.goto("/sign-up?next=/privacy")
    fill(page, "priya.agrees@example.org", "United States")
    press(page.get_by_role("button", name="Create my account"))
    expect(page).to_have_url(re.compile("/sign-up/sent$"))
    assert zone_of(live_server, "priya.agrees@example.org") == "America/Chicago"


def test_country_and_browser_disagree_and_the_clocks_are_shown(open_page, live_server, axe):
    page = open_page(timezone_id="Europe/London")
    page.goto("/sign-up?next=/privacy")
    expect(page.get_by_role("radio", name="London")).not_to_be_checked()
    fill(page, "priya.asks@example.org", "Ghana")
    press(page.get_by_role("button", name="Create my account"))
    expect(page.locator(".notice-bad")).to_be_focused()
    assert axe(page) == []
    page.get_by_role("radio", name=re.compile("Accra")).check()
    page.get_by_label("Password").fill(WORDS)
    press(page.get_by_role("button", name="Create my account"))
    expect(page).to_have_url(re.compile("/sign-up/sent$"))
    assert zone_of(live_server, "priya.asks@example.org") == "Africa/Accra"


def test_without_javascript_the_country_is_enough_or_the_clocks_are_shown(open_page, live_server):
    page = open_page(java_script_enabled=False)
    page.goto("/sign-up?next=/privacy")
    fill(page, "priya.plain@example.org", "United States")
    press(page.get_by_role("button", name="Create my account"))
    expect(page.get_by_role("radio")).not_to_have_count(1)
    page.get_by_role("radio", name=re.compile("Denver")).check()
    page.get_by_label("Password").fill(WORDS)
    press(page.get_by_role("button", name="Create my account"))
    expect(page).to_have_url(re.compile("/sign-up/sent$"))
    assert zone_of(live_server, "priya.plain@example.org") == "America/Denver"
