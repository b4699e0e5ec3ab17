"""Facilitators say when they cannot lead."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from sqlalchemy import select

from app.domain.errors import DomainError
from app.facilitators.absences import Away, add_absence, away_of, change_absence, in_words, remove_absence
from app.facilitators.models import Absence
from tests.factories import NOW, make_facilitator, make_offering
from tests.page import Page
from tests.people import browser_of, cast, lead, make_account
from tests.reader import CSRF, SEEN

NAIROBI = "Africa/Nairobi"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def wanjiru(database):
    """A facilitator with an account, in Nairobi."""
    user = make_account("Wanjiru Kamau")
    return make_facilitator("Wanjiru Kamau", user=user, timezone=NAIROBI), user


def test_whole_days_last_from_midnight_to_midnight_there(database):
    absence = add_absence(make_facilitator(), Away(date(2027, 3, 5), date(2027, 3, 6), NAIROBI))

    assert absence.starts_at == datetime(2027, 3, 4, 21, tzinfo=UTC)
    assert absence.ends_at == datetime(2027, 3, 6, 21, tzinfo=UTC)
    assert in_words(absence) == "5–6 March 2027, Nairobi"


@pytest.mark.parametrize(
    ("away", "text"),
    [
        (Away(date(2027, 3, 5), date(2027, 3, 5), NAIROBI), "5 March 2027, Nairobi"),
        (
            Away(date(2027, 3, 5), date(2027, 3, 5), NAIROBI, time(9), time(13)),
            "Fri 5 March 2027, 09:00–13:00, Nairobi",
        ),
        (
            Away(date(2027, 3, 5), date(2027, 3, 8), NAIROBI, time(14)),
            "Fri 5 March 2027, 14:00 – Mon 8 March 2027, 24:00, Nairobi",
        ),
        (
            Away(date(2027, 3, 5), date(2027, 3, 8), NAIROBI, None, time(12, 30), "Travel"),
            "Fri 5 March 2027, 00:00 – Mon 8 March 2027, 12:30, Nairobi",
        ),
    ],
)
def test_what_was_said_comes_back_as_it_was_said(database, away, text):
    absence = add_absence(make_facilitator(), away)

    assert away_of(absence) == away
    assert in_words(absence) == text


def test_a_span_over_a_clock_change_covers_both_hours_that_come_twice(database):
    london = Away(date(2027, 10, 31), date(2027, 10, 31), "Europe/London", time(1, 30), time(1, 45))

    absence = add_absence(make_facilitator(), london)

    assert (absence.starts_at.hour, absence.starts_at.minute) == (0, 30)  # the first 01:30, in summer time
    assert (absence.ends_at.hour, absence.ends_at.minute) == (1, 45)  # the second 01:45


@pytest.mark.parametrize(
    ("away", "field"),
    [
        (Away(date(2027, 3, 6), date(2027, 3, 5), NAIROBI), "last_on"),
        (Away(date(2027, 3, 5), date(2027, 3, 5), NAIROBI, time(13), time(13)), "ends"),
        (Away(date(2027, 3, 5), date(2030, 3, 5), NAIROBI), "last_on"),
        (Away(date(2027, 3, 5), date(2027, 3, 5), "Africa/Nowhere"), "timezone"),
    ],
)
def test_what_cannot_be_is_refused(database, away, field):
    with pytest.raises(DomainError) as refused:
        add_absence(make_facilitator(), away)
    assert refused.value.field == field


def test_changing_and_removing(database):
    absence = add_absence(make_facilitator(), Away(date(2027, 3, 5), date(2027, 3, 6), NAIROBI))

    change_absence(absence, Away(date(2027, 4, 1), date(2027, 4, 1), "Europe/London", note="Teaching"))
    assert in_words(absence) == "1 April 2027, London"
    remove_absence(absence)
    assert database.scalars(select(Absence)).all() == []


def test_a_facilitator_notes_a_time_and_is_told_what_she_leads_then(app, wanjiru):
    facilitator, user = wanjiru
    lead(make_offering(), facilitator)
    browser = browser_of(app, user)

    empty = Page(browser.get("/me/absences"))
    assert empty.title == "When I cannot lead"
    assert "Nothing noted" in empty.text
    assert 'value="Nairobi, Kenya (Africa/Nairobi)"' in empty.source
    sent = browser.submit(
        "/me/absences",
        {"first_on": "2027-04-20", "last_on": "2027-04-23", "timezone": "Nairobi", "note": "Travel"},
    )
    assert (sent.status_code, sent.location) == (303, "/me/absences")

    page = Page(browser.get("/me/absences"))
    assert "20–23 April 2027, Nairobi" in page.text
    assert "Travel" in page.text
    assert "You lead then What capitation pays for" in page.text
    assert any("Tell the organisers" in notice for notice in page.notices)


def test_changing_and_removing_on_the_screens(app, wanjiru, database):
    facilitator, user = wanjiru
    number = add_absence(facilitator, Away(date(2027, 3, 5), date(2027, 3, 6), NAIROBI)).id
    browser, here = browser_of(app, user), f"/me/absences/{number}"

    assert 'value="2027-03-05"' in browser.get(here).text
    changed = browser.submit(
        here,
        {
            "first_on": "2027-03-08", "last_on": "", "begins": "09:00", "ends": "13:00",
            "timezone": "Europe/London",
        },
    )  # fmt: skip
    assert changed.status_code == 303
    assert "Mon 8 March 2027, 09:00–13:00, London" in browser.get("/me/absences").text
    assert "Can you lead after all?" in browser.get(f"{here}/delete").text
    assert browser.submit(f"{here}/delete").status_code == 303
    assert browser.get(here).status_code == 404


def test_a_second_copy_sees_both_versions(app, wanjiru, database):
    facilitator, user = wanjiru
    number = add_absence(facilitator, Away(date(2027, 3, 5), date(2027, 3, 6), NAIROBI)).id
    browser, here = browser_of(app, user), f"/me/absences/{number}"
    fields = {
        "first_on": "2027-03-08", "last_on": "", "timezone": NAIROBI, "note": "Mine",
        "seen": "opened long ago",
    }  # fmt: skip

    refused = browser.submit(here, fields)

    assert refused.status_code == 409
    page = Page(refused)
    assert "Two versions" in page.text
    assert 'value="Mine"' in page.source
    again = browser.post(here, data=dict(fields) | hidden(page.source))
    assert again.status_code == 303


def hidden(source: str) -> dict[str, str]:
    found = {"csrf_token": CSRF.search(source), "seen": SEEN.search(source)}
    return {name: match.group(1) for name, match in found.items() if match}


GOOD = {"first_on": "2027-03-05", "timezone": "Nairobi", "note": "Kept 🌍 سلام"}


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"first_on": "2027-02-31"}, "Give a day of the calendar"),
        ({"first_on": ""}, "Give a day of the calendar"),
        ({"first_on": "0001-01-01"}, "between 1970 and 2100"),
        ({"last_on": "2027-03-04"}, "The last day cannot be before the first."),
        ({"begins": "25:00"}, "Give a time of day between 00:00 and 23:59"),
        ({"begins": "10:00", "ends": "09:00"}, "The end cannot be before the beginning."),
        ({"timezone": "Atlantis"}, "No city, country or time zone is called"),
        ({"timezone": ""}, "Say in which time zone"),
        ({"note": "x" * 201}, "Use at most 200 characters."),
    ],
)
def test_bad_input_is_answered_at_its_field_and_nothing_is_lost(app, wanjiru, bad, sentence):
    _, user = wanjiru
    answer = browser_of(app, user).submit("/me/absences", GOOD | bad)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    for name, value in (GOOD | bad).items():
        assert f'name="{name}"' in answer.text
        assert value in answer.text


def test_nobody_elses(app, wanjiru, database):
    facilitator, _ = wanjiru
    number = add_absence(facilitator, Away(date(2027, 3, 5), date(2027, 3, 6), NAIROBI)).id
    people = cast(make_offering())

    assert browser_of(app).get("/me/absences").status_code == 303
    assert "You lead no sessions" in browser_of(app, people.pat).get("/me/absences").text
    for who in (people.pat, people.fran, people.ada):
        assert browser_of(app, who).get(f"/me/absences/{number}").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_list(app, wanjiru, database, query_counter):
    facilitator, user = wanjiru
    browser = browser_of(app, user)
    counts = []
    for many in (1, 30):
        for day in range(many):
            add_absence(facilitator, Away(date(2027, 5, 1 + day), date(2027, 5, 1 + day), NAIROBI))
        browser.get("/me/absences")
        with query_counter() as queries:
            browser.get("/me/absences")
        counts.append(queries.count)
    assert counts[0] == counts[1]
