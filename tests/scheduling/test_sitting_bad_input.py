"""Bad input at every field: the message stands at that field, the status is 422, nothing typed is lost."""

import pytest
from sqlalchemy import func, select

from app.database import db
from app.domain.availability import Availability
from app.domain.text import fold_text
from app.enrolments.interest import say_interest
from app.learning_sessions.models import LearningSession, Offering
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.people import ada, browser_of, pat, seat, will
from tests.scheduling.planning import (
    A_TIME,
    EDIT_SESSION,
    NEW_SESSION,
    NEW_SITTING,
    edit_page,
    errors_of,
    read,
    send,
    typed_in,
)

LONG = "x" * 10_000
NUL = "be\x00fore"
TURNED = "Kofi \u202egnetaoB"
NEW_VENUE = {
    "attendance": "both", "venue": "new", "venue_name": "Training centre", "venue_city": "Accra",
    "venue_country": "GH", "venue_zone": "Accra",
}  # fmt: skip
FULL = A_TIME | NEW_VENUE | {
    "join_url": "https://meet.example.org/1",
    "join_from_minutes": "20",
    "capacity_online": "12",
    "capacity_in_person": "30",
    "venue_address": "Liberation Road 4",
    "opens": "2027-04-01T09:00",
    "closes": "2027-05-11T18:00",
    "facilitators-0-name": "Wanjiru Kamau",
    "facilitators-0-role": "Lead",
    "names_asked": "wanjiru kamau",
    "agenda-0-minutes": "60",
    "agenda-0-title": "Three countries",
    "agenda-0-summary": "What they did.",
    "agenda-0-people": "Kofi Boateng, Ghana Health Service",
}  # fmt: skip
"""Everything the form can say, and all of it sound."""

DAYS = {"dating": "days", "first_on": "2027-05-12", "last_on": "2027-05-13"}

TABLE = [
    ("no kind of date", {"dating": "soon"}, "dating", "Choose one of these"),
    ("31 February", {"day": "2027-02-31"}, "day", "Give a day of the calendar"),
    ("29 February of another year", {"day": "2027-02-29"}, "day", "Give a day of the calendar"),
    ("no day", {"day": ""}, "day", "Give the day"),
    ("a day in words", {"day": "next Tuesday"}, "day", "Give a day of the calendar"),
    ("the year 9999", {"day": "9999-12-31"}, "day", "between 1970 and 2100"),
    ("the year 1066", {"day": "1066-10-14"}, "day", "between 1970 and 2100"),
    ("25:00", {"begins": "25:00"}, "begins", "Give a time of day"),
    ("no time", {"begins": ""}, "begins", "Give the time at which it begins"),
    ("a time in a gap", {"day": "2027-03-28", "begins": "01:30"}, "begins", "There is no 01:30 in London"),
    ("a time that comes twice", {"day": "2027-10-31", "begins": "01:30"}, "fold", "comes twice"),
    ("neither length nor end", {"length": ""}, "length", "Give the length in minutes"),
    ("4 minutes", {"length": "4"}, "length", "at least 5 minutes"),
    ("0 minutes", {"length": "0"}, "length", "at least 5 minutes"),
    ("minus 90 minutes", {"length": "-90"}, "length", "at least 5 minutes"),
    ("25 hours", {"length": "1500"}, "length", "This lasts 25 hours"),
    ("an endless number of minutes", {"length": "9" * 60}, "length", "at most 24 hours"),
    ("minutes in words", {"length": "ninety"}, "length", "whole number"),
    ("an end before the start", {"length": "", "ends": "12:00"}, "ends", "end before it begins"),
    (
        "25 hours by the end",
        {"length": "", "ends": "14:00", "ends_next_day": "y"},
        "ends",
        "This lasts 25 hours",
    ),
    ("4 minutes by the end", {"length": "", "ends": "13:04"}, "ends", "at least 5 minutes"),
    ("an end at 25:00", {"length": "", "ends": "25:00"}, "ends", "Give a time of day"),
    ("an end that is not the length", {"ends": "15:00"}, "ends", "not 90 minutes later"),
    (
        "an end in a gap",
        {"day": "2027-03-28", "begins": "00:30", "length": "", "ends": "01:30"},
        "ends",
        "There is no 01:30",
    ),
    (
        "an end that comes twice",
        {"day": "2027-10-31", "begins": "00:30", "length": "", "ends": "01:30"},
        "ends",
        "Give the length in minutes instead",
    ),
    ("no zone", {"zone": ""}, "zone", "Say in whose time"),
    ("an unknown zone", {"zone": "Atlantis"}, "zone", "No city, country or time zone"),
    ("a zone of several", {"zone": "Springfield, Brazil or so"}, "zone", ""),
    ("a zone without end", {"zone": LONG}, "zone", "at most 200 characters"),
    ("no first day", DAYS | {"first_on": ""}, "first_on", "Give the first day"),
    ("31 February as the first day", DAYS | {"first_on": "2027-02-31"}, "first_on", "Give a day"),
    ("31 February as the last day", DAYS | {"last_on": "2027-02-31"}, "last_on", "Give a day"),
    ("days that end before they begin", DAYS | {"last_on": "2027-05-11"}, "last_on", "cannot be before"),
    ("no way to attend", {"attendance": "by pigeon"}, "attendance", "Choose how people attend"),
    ("a venue that is none", {"venue": "4711"}, "venue", "valid choice"),
    ("a venue without a name", {"venue_name": ""}, "venue_name", "Give the new venue a name"),
    ("a venue of 10,000 characters", {"venue_name": LONG}, "venue_name", "at most 200"),
    ("an address of 10,000 characters", {"venue_address": LONG}, "venue_address", "at most 500"),
    ("a city of 10,000 characters", {"venue_city": LONG}, "venue_city", "at most 200"),
    ("a country that is none", {"venue_country": "ZZ"}, "venue_country", "valid choice"),
    ("a venue in no zone", {"venue_country": "", "venue_zone": ""}, "venue_zone", "Choose the country"),
    ("a venue in an unknown zone", {"venue_zone": "Atlantis"}, "venue_zone", "No city, country"),
    ("a link that runs", {"join_url": "javascript:alert(1)"}, "join_url", "begins with https://"),
    ("a link of data", {"join_url": "data:text/html,x"}, "join_url", "begins with https://"),
    ("a link without a host", {"join_url": "https://"}, "join_url", "begins with https://"),
    ("a link with blanks", {"join_url": "https://example.org/a b"}, "join_url", "begins with https://"),
    ("a link with half a bracket", {"join_url": "https://[::1"}, "join_url", "begins with https://"),
    ("a link of 10,000 characters", {"join_url": f"https://{LONG}"}, "join_url", "at most 2,000"),
    ("a link that appears too late", {"join_from_minutes": "-5"}, "join_from_minutes", "from 0 to"),
    ("a link that appears too early", {"join_from_minutes": "10081"}, "join_from_minutes", "from 0 to"),
    ("a link that appears some time", {"join_from_minutes": "soon"}, "join_from_minutes", "whole number"),
    ("no place online", {"capacity_online": "0"}, "capacity_online", "nobody could come"),
    ("minus one place online", {"capacity_online": "-1"}, "capacity_online", "fewer places than one"),
    ("half a place online", {"capacity_online": "1.5"}, "capacity_online", "whole number"),
    ("endless places online", {"capacity_online": "9" * 30}, "capacity_online", "at most 1,000,000"),
    ("no place in person", {"capacity_in_person": "0"}, "capacity_in_person", "nobody could come"),
    (
        "minus one place in person",
        {"capacity_in_person": "-1"},
        "capacity_in_person",
        "fewer places than one",
    ),
    ("many places in person", {"capacity_in_person": "many"}, "capacity_in_person", "whole number"),
    ("registration from 31 February", {"opens": "2027-02-31T09:00"}, "opens", "Give a day and a time"),
    ("registration from the year 0001", {"opens": "0001-01-01T09:00"}, "opens", "between 1970 and 2100"),
    ("registration until 25:00", {"closes": "2027-05-11T25:00"}, "closes", "Give a day and a time"),
    ("registration in a gap", {"opens": "2027-03-28T01:30"}, "opens", "There is no 01:30"),
    ("registration that closes first", {"closes": "2027-03-31T09:00"}, "closes", "closes after it opens"),
    ("registration after the end", {"closes": "2027-05-13T09:00"}, "closes", "is over by then"),
    ("a role without a name", {"facilitators-0-name": ""}, "facilitators-0-name", "Give the name"),
    ("a name of 10,000 characters", {"facilitators-0-name": LONG}, "facilitators-0-name", "at most 200"),
    ("a role of 10,000 characters", {"facilitators-0-role": LONG}, "facilitators-0-role", "at most 100"),
    ("the same person twice", {"facilitators-1-name": "wanjiru kamau"}, "facilitators-1-name", "already"),
    ("an item without a title", {"agenda-0-title": ""}, "agenda-0-title", "Say what happens"),
    ("a title of 10,000 characters", {"agenda-0-title": LONG}, "agenda-0-title", "at most 200"),
    ("an item without minutes", {"agenda-0-minutes": ""}, "agenda-0-minutes", "Give the minutes"),
    ("an item of 0 minutes", {"agenda-0-minutes": "0"}, "agenda-0-minutes", "Give the minutes"),
    ("an item of minus 5 minutes", {"agenda-0-minutes": "-5"}, "agenda-0-minutes", "Give the minutes"),
    ("an item of some minutes", {"agenda-0-minutes": "some"}, "agenda-0-minutes", "whole number"),
    ("a summary of 10,000 characters", {"agenda-0-summary": LONG}, "agenda-0-summary", "at most 1,000"),
    ("presenters of 10,000 characters", {"agenda-0-people": LONG}, "agenda-0-people", "at most 1,000"),
    ("a name that turns round", {"facilitators-0-name": TURNED}, "facilitators-0-name", "one line"),
    ("a role that rings", {"facilitators-0-role": "Lead\x07er"}, "facilitators-0-role", "one line"),
    ("a title that turns round", {"agenda-0-title": TURNED}, "agenda-0-title", "one line"),
    ("presenters who turn round", {"agenda-0-people": TURNED}, "agenda-0-people", "one line"),
    ("a NUL in a row", {"agenda-0-title": NUL}, "agenda-0-title", "cannot be kept"),
    ("a NUL in a name", {"venue_name": NUL}, "venue_name", "cannot be kept"),
    (
        "an agenda that is too long",
        {"agenda-1-minutes": "45", "agenda-1-title": "In fours"},
        "agenda-1-minutes",
        "The items add up to 105 minutes and the session lasts 90. Shorten one by 15",
    ),
]
TEXTS = [
    ("no title", {"title": "  "}, "title", "Give the session a title"),
    ("a title of 10,000 characters", {"title": LONG}, "title", "at most 200 characters"),
    ("a NUL in the title", {"title": NUL}, "title", "cannot be kept"),
    ("a summary of 10,000 characters", {"summary": LONG}, "summary", "at most 1,000"),
    ("a text without end", {"content": LONG * 3}, "content", "at most 20,000"),
    ("a language that is none", {"language": "xx-yy"}, "language", "valid choice"),
    ("a direction that is none", {"text_direction": "up"}, "text_direction", "valid choice"),
    ("an address with blanks", {"slug": "two words"}, "slug", "small letters"),
    ("an address of 10,000 characters", {"slug": LONG}, "slug", "at most 80"),
    ("a theme that is none", {"themes": "4711"}, "themes", "valid choice"),
]


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def check_refusal(answer, sent, field, sentence, unread=()):
    """A message at this field and no other, the whole form back, and nothing lost of what was sent."""
    errors = errors_of(answer)
    assert (answer.status_code, list(errors)) == (422, [field])
    assert sentence in errors[field]
    page = read(answer)
    targets = {href.removeprefix("#") for href in page.links.values() if href.startswith("#")}
    ids = {facts.get("id") for _, facts in page.tags}
    assert targets & {field, f"{field}-0"}
    assert targets <= ids | {"main"}
    typed = typed_in(answer)
    lost = {
        name: value
        for name, value in sent.items()
        if typed.get(name) != value and name not in {field, *unread}
    }
    assert lost == {}
    if field in sent and field not in CHOICES and "\x00" not in sent[field]:
        assert typed[field] == sent[field].strip()


CHOICES = {"dating", "attendance", "venue", "venue_country", "language", "text_direction", "themes"}
"""What is chosen from a list cannot show what is not on it."""


@pytest.mark.engine("postgres")  # the stricter one: what gets past the form fails there
@pytest.mark.parametrize(("what", "typed", "field", "sentence"), TABLE, ids=[row[0] for row in TABLE])
def test_a_new_sitting(app, database, what, typed, field, sentence):
    browser = browser_of(app, ada(make_learning_session().journey))

    answer = send(browser, NEW_SITTING, FULL | typed)

    check_refusal(answer, FULL | typed, field, sentence)
    assert db.scalar(select(func.count(Offering.id))) == 0


@pytest.mark.engine("postgres")  # the stricter one: what gets past the form fails there
@pytest.mark.parametrize(("what", "typed", "field", "sentence"), TABLE, ids=[row[0] for row in TABLE])
def test_a_sitting_that_is_changed(app, database, what, typed, field, sentence):
    offering = make_offering()
    browser = browser_of(app, ada(offering.learning_session.journey))
    path = edit_page(offering.id)

    answer = send(browser, path, FULL | typed)

    check_refusal(answer, FULL | typed, field, sentence)
    db.expire_all()
    assert db.scalars(select(Offering.version)).all() == [offering.version]


@pytest.mark.engine("postgres")  # the stricter one: what gets past the form fails there
@pytest.mark.parametrize(("what", "typed", "field", "sentence"), TEXTS, ids=[row[0] for row in TEXTS])
@pytest.mark.parametrize("path", [NEW_SESSION, EDIT_SESSION])
def test_the_texts_of_a_session(app, database, path, what, typed, field, sentence):
    learning_session = make_learning_session()
    browser = browser_of(app, ada(learning_session.journey))
    if field == "themes":
        sent = {"title": "Another", **typed}
        answer = send(browser, path, sent)
        assert answer.status_code == 422
        return
    sent = {"title": "Another", "summary": "Stays", "content": "Stays **too**", "slug": "another"} | typed

    answer = send(browser, path, sent)

    check_refusal(answer, sent, field, sentence)
    assert db.scalars(select(LearningSession.title)).all() == ["What capitation pays for"]


def test_fewer_places_than_are_taken_are_refused_with_the_names(app, database):
    offering = make_offering(capacity_online=2)
    journey = offering.learning_session.journey
    seat(pat(), offering)
    seat(will(), offering)
    browser = browser_of(app, ada(journey))

    answer = send(browser, edit_page(offering.id), {"capacity_online": "1", "length": "60"})

    errors = errors_of(answer)
    assert (answer.status_code, list(errors)) == (422, ["capacity_online"])
    assert "Will Rahman" in errors["capacity_online"]
    assert typed_in(answer)["length"] == "60"
    assert "In this order: Will Rahman. Move them to the head of the waiting list" in read(answer).text


@pytest.mark.parametrize("how", ["", "somehow"])
def test_an_answer_to_those_who_wait_that_is_none(app, database, how):
    learning_session = make_learning_session()
    say_interest(learning_session, pat(), Availability(), "", NOW)
    browser = browser_of(app, ada(learning_session.journey))

    answer = send(browser, NEW_SITTING, A_TIME | {"answer_how": how})

    assert (answer.status_code, list(errors_of(answer))) == (422, ["answer_how"])
    assert typed_in(answer)["begins"] == "13:00"
    assert db.scalar(select(func.count(Offering.id))) == 0


WORDS = {
    "title": "ما الذي تدفعه رسوم الفرد 🏥",
    "summary": "جملة واحدة، with English, 👩🏽‍⚕️",
    "content": "**نص** بالعربية 🩺",
    "text_direction": "rtl",
    "language": "ar",
    "venue_name": "مركز التدريب 🏫",
    "facilitators-0-name": "فاطمة الزهراء 🌿",
    "names_asked": fold_text("فاطمة الزهراء 🌿"),
    "agenda-0-title": "ترحيب 👋",
    "agenda-0-people": "فاطمة, جامعة القاهرة",
}


def test_right_to_left_text_and_emoji_are_kept_as_they_are(app, database):
    browser = browser_of(app, ada(make_journey()))

    answer = send(browser, NEW_SESSION, FULL | WORDS)

    assert answer.status_code == 303, errors_of(answer)
    made = db.scalars(select(LearningSession)).one()
    assert (made.title, made.summary, made.content) == (WORDS["title"], WORDS["summary"], WORDS["content"])
    assert (made.text_direction, made.slug) == ("rtl", "session")
    one = made.offerings[0]
    assert one.venue.name == WORDS["venue_name"]
    assert one.facilitators[0].facilitator.name == WORDS["facilitators-0-name"]
    assert one.agenda[0].title == WORDS["agenda-0-title"]
    page = read(browser.get(answer.location))
    assert page.title == WORDS["title"]
