"""Reading and acting without a mouse, and forms whose words are tied to their fields."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import send_empty, sign_in

SESSION = "/journeys/financing-and-payment/sessions/capitation/"
STOPS = 60

FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
  return [one.outerHTML.slice(0, 160), seen];
}"""

UNTIED = """() => {
  const wrong = [];
  const shown = (one) => one.type !== "hidden" && !one.closest(".visually-hidden, template");
  for (const one of [...document.querySelectorAll("main input, main select, main textarea")].filter(shown)) {
    const words = one.labels && one.labels[0] ? one.labels[0].textContent.trim() : "";
    if (!words) wrong.push("no label: " + one.outerHTML);
  }
  for (const note of document.querySelectorAll("main .hint[id], main .error")) {
    const tied = note.id && document.querySelector(`[aria-describedby~="${note.id}"]`);
    if (!tied) wrong.push("not tied: " + note.outerHTML);
  }
  for (const field of document.querySelectorAll(".has-error")) {
    if (!field.querySelector(".error")) wrong.push("an error without words: " + field.outerHTML);
    if (!field.querySelector('[aria-invalid="true"]')) wrong.push("not marked invalid: " + field.outerHTML);
  }
  for (const link of document.querySelectorAll(".notice-bad a[href^='#']")) {
    const target = document.querySelector(link.getAttribute("href"));
    if (!target || !target.matches("input, select, textarea")) wrong.push("leads nowhere: " + link.outerHTML);
  }
  return wrong;
}"""


def test_the_first_stop_skips_to_the_content(page):
    page.goto(SESSION)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


@pytest.mark.parametrize("path", ["/", SESSION, "/sign-up", "/time-zone?q=ghana"])
def test_every_stop_is_seen(open_page, path):
    page = open_page(reduced_motion="reduce")  # else the page is still scrolling when we look
    page.goto(path)
    stops = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if (stop := page.evaluate(FOCUSED)) is None:
            break
        stops.append(stop)
    assert len(stops) > 8
    assert [markup for markup, seen in stops if not seen] == []


def test_the_summary_of_a_refused_form_takes_the_focus_and_leads_to_the_field(page):
    page.goto("/sign-up")
    send_empty(page, "Create my account")
    expect(page.locator(".notice-bad")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/sign-up", "Create my account"),
        ("/sign-in", "Sign in"),
        ("/forgotten-password", "Write to me"),
        ("/journeys/", ""),
        ("/time-zone?q=viet+nam", ""),
    ],
)
def test_words_are_tied_to_fields(page, path, button):
    page.goto(path)
    assert page.evaluate(UNTIED) == []
    if button:
        send_empty(page, button)
        expect(page.locator(".has-error").first).to_be_visible()
        assert page.evaluate(UNTIED) == []


def test_words_are_tied_to_the_fields_of_the_signed_in(open_page, live_server):
    page = sign_in(open_page(), live_server, "organiser in London")
    for path, button in (
        ("/me/profile", "Change my password"),
        ("/me/account/close", "Close my account for good"),
        ("/organise/journeys/financing-and-payment/status?step=close", ""),
    ):
        page.goto(path)
        assert page.evaluate(UNTIED) == []
        if button:
            send_empty(page, button)
            assert page.evaluate(UNTIED) == []


def test_a_roster_is_sorted_on_a_phone_without_unseen_stops(open_page, live_server):
    page = sign_in(open_page(), live_server, "organiser in London")
    page.goto("/organise/journeys/financing-and-payment/roster")
    expect(page.locator("thead").get_by_role("link", name="Name")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 900})
    expect(page.locator("thead a").first).to_be_hidden()
    expect(page.get_by_role("columnheader", name="Name")).to_have_count(1)
    page.get_by_label("Sorted by").select_option("Name, from the end")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"[?&]sort=-name"))
    expect(page.get_by_role("caption")).to_contain_text("sorted by name")
    for path in ("/organise/journeys/financing-and-payment/roster", "/organise/offerings/11/roster"):
        for width in (360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
