"""Invitation, feed and cancellation as programs read them that are none of ours: one event in all three."""

from dataclasses import replace

import pytest
import time_machine

from app.calendars.invitations import cancellation, request
from app.database import db
from app.enrolments import operations
from app.enrolments.models import Place
from tests.calendars.mail.conftest import LATER
from tests.calendars.readers.every import READERS
from tests.calendars.readers.seen import Reader
from tests.calendars.test_feed import path_of

TITLE = 'C:\\New, a; "b" \\ é 健康 😀: ' + "who pays for what, and why; " * 5 + "العربية"
SUMMARY = "One line, with a comma\nthe next; with C:\\New\n\nA paragraph."


@pytest.mark.engine("sqlite")  # the bytes do not depend on it
@pytest.mark.parametrize("reader", [one for one in READERS if one.keeps_uids], ids=lambda one: one.name)
def test_the_mails_and_the_feed_tell_of_one_event(client, confirmed: Place, asking, reader: Reader):
    if lack := reader.lack():
        pytest.skip(lack)
    one = confirmed.offering.learning_session
    one.title, one.summary = TITLE, SUMMARY
    number, uid, path = confirmed.id, confirmed.offering.uid, path_of(confirmed.participant, asking)
    with time_machine.travel(LATER, tick=False):
        feed = client.get(path).data
        place = db.get_one(Place, number)
        invitation = request(place, asking, LATER)
        operations.release_place(place, LATER)
        gone = cancellation(place, asking, LATER)

    (told,), (asked,), (ended,) = reader.read([feed, invitation, gone])
    assert asked == told
    assert (told.uid, told.title, told.status, told.sequence) == (uid, TITLE, "CONFIRMED", 0)
    assert SUMMARY in told.description
    as_told = replace(ended, status=told.status, sequence=told.sequence, description=told.description)
    assert as_told == told  # what is over is told in other words, of the same event
    assert (ended.status, ended.sequence) == ("", 1)
