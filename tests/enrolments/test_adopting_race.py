"""An address confirmed while its owner and others ask for the very same places: real processes."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from app.accounts.addresses import token_for
from app.accounts.models import User
from app.database import db, writing
from app.enrolments.models import Place
from app.participants import operations as participants
from app.participants.models import Participant
from tests.enrolments.aftermath import check_aftermath
from tests.enrolments.crowd import all_at_once, press
from tests.enrolments.racing import CONFIRMED, WAITING, ask, coming_sitting, failed, people, seat_all

SITTINGS, PLACES, OTHERS = 4, 5, 10


def test_what_is_adopted_while_everybody_asks_is_held_once(racing):
    with writing():
        sittings = [coming_sitting(PLACES, f"Race {number}") for number in range(SITTINGS)]
        own, *others = people(1, 1 + OTHERS)
        user = db.get_one(User, own.user_id)
        user.email_confirmed_at = None
        profile = participants.Profile("Imported", "Africa/Accra", "GH")
        kept = participants.create(profile, datetime.now(UTC), email=user.email)
        for sitting in sittings:
            seat_all(sitting, [kept])
        kept_id, own_id = kept.id, own.id
    link = f"/confirm-address/{token_for(user, racing.secret_key)}"
    confirming = [press(own, link, "/me/profile#address") for _ in range(2)]
    asking = [ask(sitting, person) for sitting in sittings for person in [own, *others]]

    answers = all_at_once(racing, [*confirming, *asking], 4)

    assert {one.status for one in failed(answers)} <= {403}, "who asks before their address is confirmed"
    assert {one.user_id for one in failed(answers)} <= {user.id}
    db.expire_all()
    assert db.get_one(User, user.id).email_confirmed_at is not None
    for sitting in sittings:
        mine = select(Place.status).where(Place.offering_id == sitting.id, Place.participant_id == own_id)
        assert db.scalars(mine).all() == [CONFIRMED]
        counted = dict(
            db.execute(
                select(Place.status, func.count())
                .where(Place.offering_id == sitting.id, Place.status.in_((CONFIRMED, WAITING)))
                .group_by(Place.status)
            ).all()
        )
        assert counted == {CONFIRMED: PLACES, WAITING: OTHERS + 1 - PLACES}
        check_aftermath(sitting.learning_session_id, [])
    left = db.get(Participant, kept_id)
    assert left is None or (left.name, left.email) == ("", "")
