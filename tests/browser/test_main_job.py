"""The main job, as a newcomer does it: with JavaScript, and without."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.acting import BLENDED, EXCHANGE, WORDS, confirm, press, sign_in, sign_out, sign_up

ROUND = "/journeys/mixed-health-systems/sessions/reflection-on-the-second-round/"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_the_catalogue_to_a_calendar(open_page, live_server, script):
    page = open_page(java_script_enabled=script, timezone_id="Africa/Accra")
    email = f"abla.{'with' if script else 'without'}@example.org"
    page.goto("/")
    press(page.get_by_role("link", name=EXCHANGE))
    press(page.get_by_role("link", name="Sign up to enrol"))
    sign_up(page, "Abla Dzifa", email, "Ghana")
    confirm(page, live_server, email)
    expect(page.get_by_role("heading", level=1)).to_have_text(EXCHANGE)
    expect(page.get_by_role("region", name="Your time zone")).to_contain_text("Accra")

    page.get_by_role("button", name="Enrol in this journey").click()
    expect(page.get_by_role("status").first).to_contain_text("You are enrolled in")
    page.get_by_role("list").get_by_role("link", name=BLENDED).first.click()
    expect(page.locator(".when-lead")).to_contain_text("in Accra (GMT, UTC)")
    page.get_by_role("button", name="Take a place online").click()
    expect(page.get_by_role("status").first).to_contain_text("You have a place.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Calendar file (.ics)").click()
    assert BLENDED in download.value.path().read_text(encoding="utf-8")

    page.get_by_role("link", name="My learning", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("^Next, in "))).to_be_visible()
    expect(page.get_by_role("heading", name=BLENDED)).to_be_visible()
    press(page.get_by_role("link", name="Make your calendar address"))
    press(page.get_by_role("button", name="Make my address"))
    address = page.get_by_label("Your private address").input_value()
    feed = page.request.get(urlsplit(address).path)
    assert feed.headers["content-type"].startswith("text/calendar")
    assert feed.text().count("BEGIN:VEVENT") == 1
    assert BLENDED in feed.text()

    press(page.get_by_role("link", name="My learning", exact=True).first)
    press(page.get_by_role("link", name="Paying for primary care: a working shelf"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Paying for primary care: a working shelf")
    expect(page.get_by_role("link", name="Notes from the first session")).to_be_visible()

    sign_out(page)
    page.goto("/me/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(WORDS)
    press(page.get_by_role("button", name="Sign in"))
    expect(page.get_by_role("heading", level=1)).to_have_text("My learning")

    page.get_by_role("link", name="Give up the place").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Give up your place in “{BLENDED}”?")
    page.get_by_role("button", name="Give it up").click()
    expect(page.get_by_role("status").first).to_have_text("Your place is free for somebody else.")
    expect(page.get_by_role("button", name="Take a place online")).to_be_visible()


def test_who_finds_it_full_waits_and_may_leave_the_line(open_page, live_server):
    page = sign_in(open_page(), live_server, "adviser in Dhaka")
    page.goto(ROUND)
    page.get_by_role("button", name=re.compile("join the waiting list", re.IGNORECASE)).click()
    expect(page.get_by_role("status").first).to_contain_text("You do not have a place yet.")
    expect(page.get_by_role("complementary")).to_contain_text("5th of 5 in line")
    page.goto("/me/")
    expect(page.get_by_role("region", name="Waiting")).to_contain_text("Reflection on the second round")
    page.goto(ROUND)
    press(page.get_by_role("link", name="Leave the line"))
    press(page.get_by_role("button", name="Leave the line"))
    expect(page.get_by_role("status").first).to_have_text("You have left the line.")
    expect(page.get_by_role("button", name="Join the waiting list")).to_be_visible()


def test_two_presses_and_going_back_make_one_place(open_page, live_server):
    page = sign_in(open_page(), live_server, "adviser in Manila")
    there = "/journeys/financing-and-payment/sessions/what-belongs-in-the-package/"
    page.goto(there)
    press(page.get_by_role("button", name="Take a place"))
    page.go_back()
    again = page.get_by_role("button", name="Take a place")
    if again.count():
        press(again)
    page.goto("/me/")
    after = page.get_by_role("main").get_by_role("link", name="What belongs in the package", exact=True)
    expect(after).to_have_count(1)


def test_the_calendar_address_is_copied_at_a_press(open_page, live_server):
    page = sign_in(
        open_page(permissions=["clipboard-read", "clipboard-write"]), live_server, "adviser in Bogotá"
    )
    page.goto("/me/calendar")
    page.get_by_role("button", name="Make my address").click()
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert (
        page.evaluate("navigator.clipboard.readText()")
        == page.get_by_label("Your private address").input_value()
    )
