"""Who is meant by an address, and what a table may change about whom."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.database import db
from app.enrolments import operations
from app.enrolments.decisions import EnrolmentDecided, EnrolmentDecision
from app.enrolments.models import Enrolment, EnrolmentStatus
from app.enrolments.rules import EnrolmentPolicy
from app.messages.kinds import Rank, kinds
from app.messages.models import OutboxMessage
from app.organisations.models import Organisation
from app.participants import operations as participants
from app.participants.models import Participant
from tests.enrolments.importing.tables import HEADERS, ONE
from tests.factories import NOW, make_journey, make_participant
from tests.people import make_account

AMA = "Ama Boateng,ama@example.org,Ghana,Ghana Health Service,Government,Nurse,,English"


def table(*rows, headers=HEADERS):
    return "\n".join([headers, *rows, ""])


def ama_with_account(*, is_confirmed=True, **facts):
    user = make_account("Ama Owusu")
    user.email_confirmed_at = NOW if is_confirmed else None
    return make_participant("Ama Owusu", user=user, **({"timezone": "Europe/Paris", "country": "FR"} | facts))


def without_account(name="Ama Boateng", email="ama@example.org", **facts):
    facts = {"timezone": "Africa/Accra", "country": "GH"} | facts
    return participants.create(participants.Profile(name=name, **facts), NOW, email=email)


def fresh(one):
    return db.get_one(type(one), one.id, populate_existing=True)


def enrolments(participant):
    return db.scalars(select(Enrolment).where(Enrolment.participant_id == participant.id)).all()


def test_an_account_that_confirmed_its_address_is_meant_and_keeps_its_profile(importer):
    ama = ama_with_account()
    importer.dry_run(ONE.replace("ama@example.org", "AMA@Example.org"))
    importer.apply()
    ama = fresh(ama)
    assert (ama.name, ama.country, ama.timezone) == ("Ama Owusu", "FR", "Europe/Paris")
    (enrolment,) = enrolments(ama)
    assert (enrolment.country, enrolment.stakeholder_group) == ("GH", "Government")
    assert db.get_one(Organisation, enrolment.organisation_id).name == "Ghana Health Service"
    again = importer.dry_run(ONE)
    assert "Already there 1" in again.text
    assert "The name and cadre in the file differ; their own profile counts." in again.text


def test_an_account_whose_address_nobody_confirmed_is_left_alone(importer):
    ama = ama_with_account(is_confirmed=False)
    importer.dry_run(ONE)
    importer.apply()
    assert enrolments(ama) == []
    other = db.scalars(select(Participant).where(Participant.email_folded == "ama@example.org")).one()
    assert other.user_id is None
    assert len(enrolments(other)) == 1


def test_the_dry_run_does_not_tell_who_has_an_account(importer):
    unknown = importer.dry_run(ONE)
    ama_with_account()
    known = importer.dry_run(ONE)
    assert known.text == unknown.text
    row = "Ama,ama@example.org,Brazil,,,,,"  # several zones; the account's own would settle it
    assert importer.dry_run(table(row)).text == importer.dry_run(
        table(row.replace("ama@", "nobody@"))
    ).text.replace("nobody@", "ama@")


def test_somebody_without_account_is_found_again_and_corrected(importer, journey):
    ama = without_account()
    importer.dry_run(ONE)
    importer.apply()
    assert db.scalar(select(func.count()).select_from(Participant).where(Participant.user_id.is_(None))) == 1
    changed = importer.dry_run(table("Ama Boateng-Osei,ama@example.org,Togo,,Media,,Lomé,fr"))
    assert "Changed 1" in changed.text
    for words in (
        "Country: \u2068Ghana\u2069 → \u2068Togo\u2069",
        "Stakeholder group: \u2068Government\u2069 → \u2068Media\u2069",
        "Name: \u2068Ama Boateng\u2069 → \u2068Ama Boateng-Osei\u2069",
        "Time zone: \u2068Africa/Accra\u2069 → \u2068Africa/Lome\u2069",
        "Language: \u2068English\u2069 → \u2068French\u2069",
    ):
        assert words in changed.text
    importer.apply()
    ama = fresh(ama)
    assert (ama.name, ama.country, ama.cadre, ama.timezone) == (
        "Ama Boateng-Osei",
        "TG",
        "Nurse",
        "Africa/Lome",
    )
    assert ama.name_folded == "ama boateng-osei"
    assert enrolments(ama)[0].country == "TG"
    assert "Already there 1" in importer.dry_run(table("Ama Boateng-Osei,ama@example.org,,,,,,")).text


def test_who_is_in_another_journey_too_keeps_their_name(importer):
    ama = without_account()
    operations.enrol(make_journey("Another one"), ama, NOW)
    importer.dry_run(ONE)
    importer.apply()
    shown = importer.dry_run(table("Someone Else,ama@example.org,Togo,,,,,"))
    assert "Country: \u2068Ghana\u2069 → \u2068Togo\u2069. The name in the file differs" in shown.text
    importer.apply()
    ama = fresh(ama)
    assert (ama.name, ama.country) == ("Ama Boateng", "GH")
    assert "TG" in {one.country for one in enrolments(ama)}


def test_organisations_are_the_same_whatever_their_spelling(importer):
    importer.dry_run(
        table(AMA, "Kofi,kofi@example.org,Ghana,ghana  health SERVICE,,,,", "Esi,esi@example.org,Ghana,—,,,,")
    )
    importer.apply()
    assert db.scalars(select(Organisation.name)).all().count("Ghana Health Service") == 1
    assert (
        "Already there 3"
        in importer.dry_run(
            table(
                AMA.replace("Ghana Health Service", "GHANA HEALTH SERVICE"),
                "Kofi,kofi@example.org,,,,,,",
                "Esi,esi@example.org,,,,,,",
            )
        ).text
    )


def test_who_left_is_refused_unless_chosen_otherwise(importer, journey):
    ama = without_account()
    operations.enrol(fresh(journey), ama, NOW)
    operations.leave(fresh(journey), ama, NOW + timedelta(days=1))
    refused = importer.dry_run(ONE)
    assert "Refused 1" in refused.text
    assert "They left on Tuesday 2 March 2027. Enrol them by hand" in refused.text
    shown = importer.dry_run(ONE, again="y", tell="y")
    assert "Enrolment: left on Tuesday 2 March 2027 → enrolled" in shown.text
    importer.apply()
    (enrolment,) = enrolments(ama)
    assert (enrolment.status, enrolment.left_at) == (EnrolmentStatus.ACTIVE, None)
    notes = db.scalars(
        select(EnrolmentDecision.what)
        .where(EnrolmentDecision.enrolment_id == enrolment.id)
        .order_by(EnrolmentDecision.id)
    ).all()
    assert notes == [EnrolmentDecided.ENROLLED, EnrolmentDecided.LEFT, EnrolmentDecided.IMPORTED]
    assert db.scalars(select(OutboxMessage.kind)).all() == [
        "enrolled", "journey-left", "enrolled",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (EnrolmentStatus.DECLINED, "They were declined on Monday 1 March 2027."),
        (EnrolmentStatus.REQUESTED, "Enrolment: ask to join → enrolled."),
    ],
)
def test_who_was_declined_is_refused_and_who_asks_is_let_in(importer, journey, status, words):
    ama = without_account()
    enrolment = operations.enrol(fresh(journey), ama, NOW)
    enrolment.status, enrolment.decided_at = status, NOW
    assert words in importer.dry_run(table("Ama Boateng,ama@example.org,,,,,,")).text
    if status is EnrolmentStatus.REQUESTED:
        importer.apply()
        assert enrolments(ama)[0].status is EnrolmentStatus.ACTIVE


def test_the_limit_of_the_journey_holds(importer, journey):
    db.add(EnrolmentPolicy(journey_id=journey.id, timezone="Europe/London", most_people=2))
    rows = [f"Person {name},{name}@example.org,Ghana,,,,," for name in "abc"]
    shown = importer.dry_run(table(*rows))
    assert "New 2" in shown.text
    assert "4 Person c" in shown.text
    assert "The journey takes at most 2 people; it is full before this row." in shown.text
    importer.apply(leave_out="y")
    assert db.scalar(select(func.count()).select_from(Enrolment)) == 2


def test_who_is_new_is_told_when_chosen(importer, journey):
    importer.dry_run(table(AMA, "Kofi,kofi@example.org,Ghana,,,,,"), tell="y")
    importer.apply()
    told = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert [(one.kind, one.to_address, one.to_name) for one in told] == [
        ("enrolled", "ama@example.org", "Ama Boateng"), ("enrolled", "kofi@example.org", "Kofi"),
    ]  # fmt: skip
    assert {one.payload["journey_id"] for one in told} == {journey.id}
    assert {one.scope for one in told} == {f"journey:{journey.id}"}  # its organisers see what became of them
    assert [one.order_key for one in told] == [
        f"participant:{one.payload['participant_id']}:journey:{journey.id}" for one in told
    ]
    assert {one.rank for one in told} == {Rank.MANY}
    assert kinds["enrolled"].rank < Rank.MANY  # of one person who enrols it goes before
