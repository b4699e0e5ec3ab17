"""What browsers send without showing it: spoilt, it is refused in words at the top, and never a breakdown."""

import pytest

from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.people import ada, browser_of
from tests.scheduling.planning import A_TIME, JOURNEY, NEW_SITTING, edit_page, read, send

NUL = "be\x00fore"
SERIES = A_TIME | {"repeats": "weeks", "count": "2", "title": "Session {n}"}


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def offering(database):
    return make_offering()


@pytest.fixture
def browser(app, offering):
    return browser_of(app, ada(offering.learning_session.journey))


def check_told(answer, field):
    """Said first in the summary, and not as a link to what nobody can see."""
    page = read(answer)
    assert page.status == 422
    assert "attention Something unseen in this form holds a character that cannot be kept" in page.notices[0]
    assert f"#{field}" not in page.links.values()


@pytest.mark.parametrize("field", ["seen", "fold_asked", "opens_asked", "unseats"])
def test_in_the_form_of_a_sitting(browser, offering, field):
    check_told(send(browser, edit_page(offering.id), {field: NUL, "title": NUL}), field)


@pytest.mark.parametrize("field", ["shown", "use"])
@pytest.mark.parametrize("step", ["copy", "series"])
def test_in_a_table_of_dates(browser, step, field):
    typed = {"starts_on": "2028-04-20"} if step == "copy" else SERIES

    check_told(send(browser, f"{JOURNEY}{step}", {**typed, "show": "1", field: NUL}), field)


def test_where_a_sitting_is_cancelled(browser, offering):
    answer = send(browser, f"/organise/offerings/{offering.id}/cancel", {"reason": "Ill.", "seen": NUL})

    check_told(answer, "seen")


NO_NUMBERS = ["²", "٣", pytest.param("9" * 5_000, id="5,000 figures"), "-1", ""]


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_rows_whose_number_is_none_are_passed_over(app, database, number):
    journey = make_journey()
    make_learning_session(journey)
    browser = browser_of(app, ada(journey))
    row = {f"facilitators-{number}-name": "Wanjiru Kamau", f"rows-{number}-day": "2027-04-22"}

    panel = browser.get(f"{JOURNEY}panel", query_string=A_TIME | row)
    sent = send(browser, NEW_SITTING, A_TIME | row | {"capacity_online": "many"})
    table = send(browser, f"{JOURNEY}series", SERIES | row | {"show": "1"})

    assert (panel.status_code, sent.status_code) == (200, 422)
    assert table.status_code in (200, 422)
    assert "Wanjiru" not in sent.text
