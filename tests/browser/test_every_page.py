"""Every kind of page in a real browser: axe, light and dark, wide and narrow, and nothing to scroll sideways.

Each person signs in once and looks at pages in one window; every page is loaded once and then turned around.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acting import (
    WORDS,
    confirm,
    give_password,
    link_in_mail,
    press,
    send_empty,
    sign_in,
    sign_up,
)
from tests.browser.conftest import PATIENCE, LiveServer
from tests.browser.preparing import answer_from_calendars, cancel_sittings
from tests.browser.watching import watch

HEIGHT = 900
EXCHANGE = "/journeys/financing-and-payment/"
DESK = "/organise/journeys/financing-and-payment/"
PLATFORM = "/journeys/mixed-health-systems/"
ACCRA, LONDON, ADMINISTRATOR = "adviser in Accra", "organiser in London", "administrator"
NEWCOMER, WAITS, MANILA = "newcomer", "newcomer whose address waits", "adviser in Manila"
LAB = "/journeys/costing-primary-care/"
PAGES = {
    "": {
        "catalogue": "/",
        "catalogue, found": "/journeys/?q=capitation&status=open",
        "catalogue, nothing found": "/journeys/?q=zzzz&status=open",
        "session by lottery": f"{LAB}sessions/at-the-costing-table/",
        "session in balance": f"{LAB}sessions/whose-figures/",
        "session by approval": f"{LAB}sessions/reading-each-others-chapters/",
        "learning journey, closed": "/journeys/health-systems-strengthening/",
        "network": "/journeys/joint-learning-network/",
        "exchange, open": EXCHANGE,
        "learning event": "/journeys/cracking-the-nut-health-2016/",
        "workshop": "/journeys/communities-of-solution/",
        "platform": PLATFORM,
        "session online": f"{EXCHANGE}sessions/capitation/",
        "session in person": f"{EXCHANGE}sessions/paying-teams/",
        "session both ways": f"{PLATFORM}sessions/care-outside-hospitals/",
        "session in twin sittings": f"{EXCHANGE}sessions/following-the-money/",
        "session cancelled": f"{EXCHANGE}sessions/writing-down-what-we-learned/",
        "session of a day": "/journeys/communities-of-solution/sessions/the-handout-at-the-tables/",
        "journey to follow in a calendar": f"{EXCHANGE}calendar",
        "catalogue to follow in a calendar": "/journeys/calendar?q=capitation&status=open",
        "agenda of a journey": f"{EXCHANGE}agenda",
        "session undated": f"{PLATFORM}sessions/reflection-on-the-third-round/",
        "session past": "/journeys/health-systems-strengthening/sessions/complexity-of-health-systems/",
        "toolkit": "/toolkits/paying-for-primary-care/",
        "toolkit with statements": "/toolkits/communities-of-solution/",
        "toolkit with authors": "/toolkits/what-works-for-health-systems-strengthening/",
        "facilitator": "/facilitators/wanjiru-kamau/",
        "sign-in": "/sign-in",
        "sign-up": "/sign-up",
        "sign-up, sent": "/sign-up/sent",
        "forgotten password": "/forgotten-password",
        "forgotten password, sent": "/forgotten-password/sent",
        "new password, no link": "/new-password/nothing",
        "sign-out, signed out": "/sign-out",
        "mail to switch off, no link": "/stop/nothing",
        "time zone": "/time-zone",
        "time zone, found": "/time-zone?q=viet+nam",
        "time zone, not found": "/time-zone?q=zzzz",
        "privacy": "/privacy",
        "accessibility": "/accessibility",
        "not found": "/nowhere",
    },
    ACCRA: {
        "session with a place": f"{EXCHANGE}sessions/capitation/",
        "session waited for": f"{PLATFORM}sessions/reflection-on-the-second-round/",
        "session cancelled, place held": f"{EXCHANGE}sessions/writing-down-what-we-learned/",
        "session, swap offered": f"{EXCHANGE}sessions/following-the-money/",
        "journey enrolled in": EXCHANGE,
        "session with a lottery to come": f"{LAB}sessions/at-the-costing-table/",
        "session with a lottery drawn": f"{LAB}sessions/what-one-visit-costs/",
        "session in balance, place held": f"{LAB}sessions/whose-figures/",
        "My learning": "/me/",
        "profile": "/me/profile",
        "what one is sent": "/me/messages",
        "calendar without address": "/me/calendar",
        "agenda of a person": "/me/calendar/agenda",
        "interest in an undated session": f"{PLATFORM}sessions/reflection-on-the-third-round/interest",
        "leave a journey": f"{EXCHANGE}leave",
        "every session of a journey": f"{EXCHANGE}enrolment/all",
        "group with its names": "/groups/1/",
        "group, new link": "/groups/1/link",
        "close account": "/me/account/close",
        "sign-out": "/sign-out",
    },
    NEWCOMER: {
        "My learning, empty": "/me/",
        "agenda, empty": "/me/calendar/agenda",
        "not allowed": "/organise/",
        "session to take": f"{EXCHANGE}sessions/blended-payment/",
        "enrol in every session": f"{EXCHANGE}enrolment?all=1",
    },
    WAITS: {
        "My learning, address not confirmed": "/me/",
        "profile, address not confirmed": "/me/profile",
        "letter to be sent again": "/me/confirm-address",
        "link that confirms nothing": "/confirm-address/nothing",
        "session to take, address not confirmed": f"{EXCHANGE}sessions/blended-payment/",
        "enrol, address not confirmed": f"{EXCHANGE}enrolment",
    },
    LONDON: {
        "desk": "/organise/",
        "start a journey": "/organise/new-journey",
        "journey on the desk": f"{DESK}",
        "organisers’ calendar without address": f"{DESK}calendar",
        "people to import": f"{DESK}imports",
        "roster of a journey": f"{DESK}roster",
        "messages of a journey": f"{DESK}messages",
        "rule of a sitting, lottery": "/organise/offerings/20/places",
        "rule of a sitting, balanced": "/organise/offerings/18/places",
        "decisions about places": "/organise/offerings/17/decisions",
        "answers from calendars, none": "/organise/offerings/17/replies",
        "decisions, nothing found": "/organise/offerings/17/decisions?who=zzzz",
        "roster of a sitting": "/organise/offerings/11/roster",
        "roster, nobody matches": "/organise/offerings/11/roster?q=zzzz&status=waiting",
        "take many out": "/organise/offerings/11/roster/act?whom=all&do=take-out",
        "remove many from a journey": f"{DESK}roster/act?whom=all&do=remove",
        "write to many": "/organise/offerings/11/roster/message?whom=all",
        "written to a roster": "/organise/offerings/11/roster/messages",
        "close a journey": f"{DESK}status?step=close",
        "edit a journey": f"{DESK}edit",
        "organisers of a journey": f"{DESK}organisers",
        "leave the organisers": f"{DESK}organisers?leave=1",
        "invitations, none": f"{DESK}invitations",
        "delete a journey, refused": f"{DESK}delete",
        "preview as a stranger": f"{DESK}preview?as=stranger",
        "preview as an adviser": f"{DESK}preview?as=adviser&zone=Asia/Kathmandu",
        "series of sessions": f"{DESK}series",
        "copy a journey": f"{DESK}copy",
        "how people get in": f"{DESK}enrolment",
        "session with its people": f"{EXCHANGE}sessions/capitation/",
        "zone of a journey": f"{DESK}zone",
        "zone of a journey, both answers": f"{DESK}zone?zone=Dhaka",
        "delete a session, refused": f"{DESK}sessions/capitation/delete",
        "delete a session": f"/organise{PLATFORM}sessions/reflection-on-the-third-round/delete",
        "plan a session": f"{DESK}new-session",
        "session on the desk": f"{DESK}sessions/capitation/",
        "twin sittings on the desk": f"{DESK}sessions/following-the-money/",
        "edit a session": f"{DESK}sessions/capitation/edit",
        "edit the page of a facilitator": "/organise/facilitators/wanjiru-kamau/edit",
        "correct a venue": "/organise/venues/1/edit",
        "plan a twin sitting": f"{DESK}sessions/capitation/new-sitting",
        "parts of a journey": "/organise/journeys/financing-and-payment/parts/outcomes/",
        "part to add, with rows": "/organise/journeys/financing-and-payment/parts/publications/new",
        "places of a group, changed": "/organise/blocks/1/edit",
        "places of a group, handed back": "/organise/blocks/1/return",
        "zone to expect": "/organise/journeys/financing-and-payment/parts/expected-zones/new",
    },
    ADMINISTRATOR: {
        "who would come": f"/organise{PLATFORM}sessions/reflection-on-the-third-round/interest",
        "My learning without a profile": "/me/",
        "closed journey on the desk": "/organise/journeys/health-systems-strengthening/",
        "outbox": "/organise/outbox",
        "outbox, nothing found": "/organise/outbox?q=zzzz",
        "work that failed, none": "/organise/outbox/jobs",
    },
}

COLOUR = ["color-contrast", "link-in-text-block"]
"""What darkness can change: it replaces colours and nothing else."""

SIDEWAYS = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter((one) =>
    one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".visually-hidden, svg"));
  return [`scrolls sideways at ${innerWidth}: ` + wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120))];
}"""


class Visitors:
    """People at their windows; `at(person)` gives theirs, signed in."""

    def __init__(self, browser: Browser, server: LiveServer, closing: ExitStack) -> None:
        self._browser, self._server, self._closing = browser, server, closing
        self._pages: dict[str, Page] = {}
        self.complaints: list[str] = []

    def at(self, person: str) -> Page:
        if person not in self._pages:
            self._pages[person] = self._arrive(person)
        return self._pages[person]

    def _arrive(self, person: str) -> Page:
        context = self._browser.new_context(
            base_url=self._server.url, locale="en-GB", timezone_id="Africa/Accra", reduced_motion="reduce"
        )
        self._closing.callback(context.close)
        page = watch(context.new_page(), self.complaints)
        page.set_default_timeout(PATIENCE)
        if person == NEWCOMER:
            page.goto("/sign-up")
            sign_up(page, "Nana Yeboah", "nana@example.org", "Ghana")
            confirm(page, self._server, "nana@example.org")
        elif person == WAITS:
            page.goto("/sign-up")
            sign_up(page, "Yaa Darko", "yaa@example.org", "Ghana")
            page.goto("/sign-in")
            give_password(page, "yaa@example.org", WORDS)
        elif person:
            sign_in(page, self._server, person)
        return page


@pytest.fixture(scope="module")
def visitors(browser: Browser, live_server: LiveServer) -> Iterator[Visitors]:
    cancel_sittings(
        live_server, "financing-and-payment", "writing-down-what-we-learned", "It comes back in spring."
    )
    with ExitStack() as closing:
        yield Visitors(browser, live_server, closing)


@pytest.fixture
def visit(visitors: Visitors) -> Iterator[Callable[[str], Page]]:
    yield visitors.at
    assert visitors.complaints == []


@pytest.fixture
def faults(axe: Callable[..., list[str]]) -> Callable[[Page], list[str]]:
    """What is wrong with the page that is open, in any light and at any width."""

    def found(page: Page) -> list[str]:
        wrong = []
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            wrong += [f"light {width}: {one}" for one in axe(page)] + page.evaluate(SIDEWAYS)
        page.emulate_media(color_scheme="dark")  # colours know no width
        wrong += [f"dark: {one}" for one in axe(page, COLOUR)]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 320, "height": HEIGHT})
        wrong += page.evaluate(SIDEWAYS)
        page.evaluate("document.documentElement.dir = 'rtl'")
        wrong += [f"right to left: {one}" for one in page.evaluate(SIDEWAYS)]
        page.set_viewport_size({"width": 1280, "height": HEIGHT})
        return wrong

    return found


CASES = [pytest.param(who, path, id=name) for who, pages in PAGES.items() for name, path in pages.items()]


@pytest.mark.parametrize(("who", "path"), CASES)
def test_page(visit, faults, who, path):
    page = visit(who)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status < 500
    expect(page.locator("h1")).to_have_count(1)
    assert faults(page) == []


def test_forms_sent_back(visit, faults):
    page = visit("")
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_label("Password").fill("not the password")
    press(page.get_by_role("button", name="Sign in"))
    expect(page.locator(".notice-bad")).to_have_count(1)
    assert faults(page) == []
    page.goto("/sign-up")
    send_empty(page, "Create my account")
    expect(page.locator(".has-error").nth(3)).to_be_attached()
    assert faults(page) == []


def test_pages_that_letters_lead_to(visit, faults, live_server):
    page = visit("")
    page.goto("/sign-up")
    sign_up(page, "Kojo Antwi", "kojo@example.org", "Ghana")
    page.goto("/forgotten-password")
    page.get_by_label("E-mail").fill("kojo@example.org")
    press(page.get_by_role("button", name="Write to me"))
    page.goto(link_in_mail(live_server, "kojo@example.org", "confirm-address"))
    expect(page.get_by_role("button", name="Confirm kojo@example.org")).to_have_count(1)
    assert faults(page) == []
    page.goto(link_in_mail(live_server, "kojo@example.org", "new-password"))
    send_empty(page, "Set my new password")
    expect(page.locator(".notice-bad")).to_have_count(1)
    assert faults(page) == []


def test_forms_sent_back_to_the_signed_in(visit, faults):
    page = visit(ACCRA)
    for path, button in (
        ("/me/profile", "Change my password"),
        ("/me/account/close", "Close my account for good"),
    ):
        page.goto(path)
        send_empty(page, button)
        expect(page.locator(".notice-bad")).to_have_count(1)
        assert faults(page) == []


def test_answers_from_calendars_and_the_question_about_one(visit, faults, live_server):
    question = answer_from_calendars(live_server, 11)
    desk, page = visit(LONDON), visit("")
    desk.goto("/organise/offerings/11/replies")
    expect(desk.locator("tbody tr")).to_have_count(7)
    assert faults(desk) == []
    page.goto(question)
    expect(page.get_by_role("button", name="Give up the place")).to_have_count(1)
    assert faults(page) == []


def test_changing_cancelling_and_restoring_a_sitting(visit, faults):
    desk, page = visit(LONDON), visit(ACCRA)
    desk.goto(f"{DESK}sessions/capitation/")
    press(desk.get_by_role("link", name="Change the sitting"))
    desk.get_by_label("Begins").fill("07:15")
    press(desk.get_by_role("button", name="Save the sitting"))
    expect(desk.get_by_role("heading", name="Save this change?")).to_have_count(1)
    assert faults(desk) == []
    press(desk.get_by_role("button", name="Back to the form"))
    assert desk.get_by_label("Begins").input_value() == "07:15"
    desk.goto(f"{DESK}sessions/following-the-money/")
    press(desk.get_by_role("link", name=re.compile("^Cancel …")).last)
    assert faults(desk) == []
    desk.get_by_label("Why it is cancelled").fill("The speaker is ill.")
    press(desk.get_by_role("button", name="Cancel this sitting"))
    assert faults(desk) == []
    for address in ("/me/", f"{EXCHANGE}sessions/following-the-money/"):
        page.goto(address)
        expect(page.get_by_role("link", name="Take a place there")).to_have_count(1)
        assert faults(page) == []
    press(desk.get_by_role("link", name=re.compile("^Restore …")))
    assert faults(desk) == []
    press(desk.get_by_role("button", name="Restore this sitting"))
    page.goto(f"{EXCHANGE}sessions/following-the-money/")
    expect(page.get_by_text("takes place after all")).to_have_count(1)
    assert faults(page) == []


def test_giving_up_and_the_calendar_address(visit, faults):
    page = visit(ACCRA)
    for address in (
        "financing-and-payment/sessions/capitation/",
        "mixed-health-systems/sessions/reflection-on-the-second-round/",
    ):
        page.goto(f"/journeys/{address}")
        press(page.get_by_role("link", name=re.compile("Give up the place|Leave the line")))
        assert faults(page) == []
    page.goto("/me/calendar")
    press(page.get_by_role("button", name="Make my address"))
    assert faults(page) == []
    page.get_by_text("Change what it tells").click()
    page.get_by_label("Minutes before the start").fill("45")
    press(page.get_by_role("button", name="Save"))
    expect(page.locator(".notice-bad")).to_have_count(1)
    assert faults(page) == []
    for act in ("Make a new address", "Remove this address"):
        page.goto("/me/calendar")
        press(page.get_by_role("link", name=act))
        assert faults(page) == []


def test_an_offer_a_draw_and_how_a_place_came_about(visit, faults):
    page = visit(MANILA)
    page.goto("/me/")
    expect(page.get_by_role("heading", name="Offered to you")).to_have_count(1)
    assert faults(page) == []
    press(page.get_by_role("link", name="How this came about with Open hour"))
    assert faults(page) == []
    press(page.get_by_role("link", name="Accept or decline it"))
    assert faults(page) == []
    press(page.get_by_role("link", name="Decline"))
    assert faults(page) == []
    page = visit(ACCRA)
    page.goto(f"{LAB}sessions/at-the-costing-table/")
    page.get_by_text("How places are given").click()
    assert faults(page) == []
    for slug, link in (
        ("at-the-costing-table", "How the draw can be checked"),
        ("what-one-visit-costs", "The draw, and how to check it"),
    ):
        page.goto(f"{LAB}sessions/{slug}/")
        page.get_by_text("How places are given").click()
        press(page.get_by_role("link", name=link))
        assert faults(page) == []


def test_inviting_people(visit, faults):
    page = visit(LONDON)
    page.goto(f"{DESK}invitations")
    page.locator("#code").fill("Ghana 2027")
    page.locator("#code-uses").fill("20")
    page.locator("#code-last-on").fill("2099-04-30")
    page.locator("#code-note").fill("The ministry’s country group")
    press(page.get_by_role("button", name="Make the code"))
    page.get_by_label("E-mail addresses").fill("efua@example.org\nno address\nkofi@example.org")
    press(page.get_by_role("button", name="Invite them"))
    expect(page.get_by_text("Line 2").first).to_be_attached()
    assert faults(page) == []
    press(page.get_by_role("button", name="Invite the others without them"))
    expect(page.get_by_role("rowheader", name="kofi@example.org")).to_have_count(1)
    assert faults(page) == []
    press(page.get_by_role("link", name="Withdraw … Ghana 2027"))
    assert faults(page) == []
    press(page.get_by_role("button", name="Withdraw it"))
    expect(page.get_by_text("Ghana 2027 lets nobody in any more.")).to_have_count(1)


def test_a_group_fills_its_places(visit, faults):
    """Reserved by the organiser, named by the focal person, the last one taken by the group's link."""
    desk, page, newcomer = visit(LONDON), visit(ACCRA), visit(NEWCOMER)
    desk.goto("/organise/blocks/1/edit")
    press(desk.get_by_role("link", name="Places for groups"))
    send_empty(desk, "Reserve the places")
    expect(desk.locator(".has-error").nth(1)).to_be_attached()
    assert faults(desk) == []
    page.goto("/me/")
    press(page.get_by_role("link", name="Country Core Group of Ghana"))
    send_empty(page, "Give them a place")
    assert faults(page) == []
    page.get_by_label("E-mail").fill("ekow@example.org")
    page.get_by_label("Name", exact=True).fill("Ekow Quaye")
    press(page.get_by_role("button", name="Give them a place"))
    expect(page.get_by_text("Ekow Quaye has a place")).to_have_count(1)
    for act in ("Swap Ekow Quaye", "Take out … Ekow Quaye"):
        press(page.get_by_role("link", name=act))
        assert faults(page) == []
        page.go_back()
    link = page.get_by_label("Link to a place of the group").input_value()
    newcomer.goto(link)
    expect(newcomer.get_by_text("1 place in person of 4 is left")).to_have_count(1)
    assert faults(newcomer) == []
    press(newcomer.get_by_role("button", name="Take a place"))
    expect(newcomer.get_by_text("You have a place of")).to_have_count(1)
    newcomer.goto(link)
    expect(newcomer.get_by_text("You have a place in this sitting.")).to_have_count(1)
    assert faults(newcomer) == []
