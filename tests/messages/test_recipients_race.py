"""Two who note something about one address at the same moment: two real connections."""

from datetime import UTC, datetime
from threading import Thread
from time import sleep

from sqlalchemy import Engine, select

from app.database import db, writing
from app.messages import recipients
from app.messages.kinds import Choice
from app.messages.models import Recipient

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
PAT = "pat@people.internal"
LONG_ENOUGH = 0.3


class Marking(Thread):
    """Notes that an address refuses mail, in a transaction of its own."""

    error: BaseException | None = None

    def run(self) -> None:
        try:
            with writing():
                recipients.mark_refused(PAT, 550, "5.1.1 No such mailbox", NOON)
        except BaseException as error:
            self.error = error
        finally:
            db.remove()


def while_another_marks_it(change) -> Recipient:
    """The row of the address after both."""
    other = Marking()
    with writing():
        change()
        other.start()
        sleep(LONG_ENOUGH)
    other.join(60)
    assert (other.is_alive(), other.error) == (False, None)
    db.remove()
    return db.scalars(select(Recipient)).one()


def test_two_mark_a_new_address_at_once(real_database: Engine):
    known = while_another_marks_it(lambda: recipients.mark_refused(PAT, 551, "moved", NOON))
    assert (known.refused_at, known.refused_code, known.refused_reason) == (NOON, 551, "moved")


def test_a_choice_is_made_on_a_new_address_while_it_is_marked(real_database: Engine):
    known = while_another_marks_it(lambda: recipients.switch(PAT, Choice.REMINDERS, False, NOON))
    assert (known.muted, known.refused_code) == ("reminders", 550)


def test_two_switch_off_different_kinds_at_once(real_database: Engine):
    """A row that is there is read anew when it is one's turn."""
    with writing():
        recipients.switch(PAT, Choice.DIGEST, False, NOON)
    other = Thread(target=_switch_off, args=(Choice.HOURS,))
    with writing():
        recipients.switch(PAT, Choice.REMINDERS, False, NOON)
        other.start()
        sleep(LONG_ENOUGH)
    other.join(60)
    db.remove()
    assert db.scalars(select(Recipient.muted)).one() == "reminders hours digest"


def _switch_off(choice: Choice) -> None:
    try:
        with writing():
            recipients.switch(PAT, choice, False, NOON)
    finally:
        db.remove()
