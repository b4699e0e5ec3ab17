"""What a facilitator's page tells is edited on the desk, and it gets an account there."""

import pytest
import time_machine

from app.database import db
from app.domain.errors import AlreadyTaken
from app.domain.permissions import OrganiserRole
from app.facilitators.models import Facilitator
from app.facilitators.operations import link
from app.journeys.operations import assign_organiser
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_organisation,
)
from tests.page import Page
from tests.people import ada, browser_of, cast, cora, lead, make_account, pat, root
from tests.scheduling.planning import A_TIME, errors_of, send, send_again

HERE = "/organise/facilitators/wanjiru-kamau/edit"
PAGE = "/facilitators/wanjiru-kamau/"
ALL = {
    "name": "Wanjirũ Kamau 🌍",
    "affiliation": "Senior adviser",
    "organisation": "Amref Health Africa",
    "biography": "Works on **payment**.\n\nسلام",
    "country": "KE",
    "timezone": "Nairobi",
    "language": "ar",
    "text_direction": "rtl",
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def offering(database):
    """A sitting that Wanjiru Kamau, of whom no more is known, leads."""
    made = make_offering()
    lead(made, make_facilitator())
    return made


def wanjiru(database) -> Facilitator:
    database.expire_all()
    found: Facilitator = database.query(Facilitator).filter_by(slug="wanjiru-kamau").one()
    return found


def _owner_elsewhere():
    olga = make_account("Olga Berg")
    assign_organiser(make_journey("Another"), olga, OrganiserRole.OWNER, NOW)
    return olga


def test_an_organiser_plans_with_a_new_name_and_gives_it_an_account(app, database):
    journey = make_journey()
    learning_session, organiser, guest = make_learning_session(journey), ada(journey), pat()
    number = learning_session.id
    desk = browser_of(app, organiser)
    overview = f"/organise/journeys/{journey.slug}/sessions/{learning_session.slug}/"
    his = browser_of(app, guest)
    assert "You lead no sessions" in his.get("/me/absences").text

    named = {"facilitators-0-name": "Patrick Asante", "names_asked": "patrick asante"}
    planned = send(desk, f"{overview}new-sitting", A_TIME | named)
    assert planned.status_code == 303
    link_text = "Edit the page of Patrick Asante"
    there = Page(desk.get(overview)).links[link_text]
    saved = send(desk, there, {"timezone": "Accra", "account": "PAT@example.org"})

    assert (saved.status_code, saved.location) == (303, "/facilitators/patrick-asante/")
    assert "It belongs to the account of Pat Asante (pat@example.org) now" in desk.get(saved.location).text
    offering_id = database.get_one(type(learning_session), number).offerings[0].id
    absences = Page(his.get("/me/absences"))
    assert absences.title == "When I cannot lead"
    assert absences.links["Edit your page"] == there
    assert 'value="Accra, Ghana (Africa/Accra)"' in absences.source
    assert his.get(f"/offerings/{offering_id}/run-sheet").status_code == 200
    assert "What capitation pays for" in Page(his.get("/me/agenda?on=2027-05-12")).text

    unlinked = send(desk, there, {"account": ""})
    assert "It belongs to no account any more." in desk.get(unlinked.location).text
    assert "You lead no sessions" in his.get("/me/absences").text
    assert his.get(f"/offerings/{offering_id}/run-sheet").status_code == 403


def test_everything_is_kept_and_the_address_stays(app, database, offering):
    desk = browser_of(app, ada(offering.learning_session.journey))
    assert Page(desk.get(PAGE)).links["Edit this page"] == HERE

    saved = send(desk, HERE, ALL)

    assert (saved.status_code, saved.location) == (303, PAGE)
    page = Page(desk.get(PAGE))
    assert page.title == "Wanjirũ Kamau 🌍"
    assert "Senior adviser, Amref Health Africa" in page.text
    assert "Facilitator, Nairobi" in page.text
    assert '<div class="prose" lang="ar" dir="rtl">' in page.source
    one = wanjiru(database)
    assert (one.name_folded, one.country, one.timezone) == ("wanjiru kamau 🌍", "KE", "Africa/Nairobi")
    assert errors_of(desk.get(HERE)) == {}
    emptied = send(desk, HERE, {"organisation": "", "country": "", "timezone": ""})
    assert emptied.status_code == 303
    one = wanjiru(database)
    assert (one.organisation, one.country, one.timezone) == (None, None, None)


def test_an_organisation_that_is_known_is_found(app, database, offering):
    known = make_organisation("Amref Health Africa").id
    desk = browser_of(app, ada(offering.learning_session.journey))
    assert send(desk, HERE, {"organisation": "amref  health africa"}).status_code == 303
    assert wanjiru(database).organisation_id == known


@pytest.mark.engine("postgres")  # the stricter one: what gets past the form fails there
@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", " ", "Give the facilitator a name."),
        ("name", "x" * 201, "Use at most 200 characters."),
        ("timezone", "Atlantis", "No city, country or time zone is called"),
        ("country", "XX", "Not a valid choice"),
        ("language", "xx-made-up", "Not a valid choice"),
        ("biography", "x" * 20_001, "Use at most 20,000 characters."),
        ("account", "pat", "Write an e-mail address such as"),
        ("account", "nobody@example.org", "Ask them to sign up first"),
        ("account", "fran@example.org", "has another facilitator's page already"),
    ],
)
def test_bad_input_is_answered_at_its_field_and_nothing_is_lost(
    app, database, offering, field, typed, sentence
):
    make_facilitator("Fran Moyo", user=make_account("Fran Moyo"))
    desk = browser_of(app, ada(offering.learning_session.journey))

    refused = send(desk, HERE, ALL | {field: typed})

    assert refused.status_code == 422
    assert sentence in errors_of(refused)[field]
    for kept in set(ALL) - {field, "country", "language", "text_direction", "biography"}:
        assert f'value="{ALL[kept]}"' in refused.text
    assert (wanjiru(database).name, wanjiru(database).user_id) == ("Wanjiru Kamau", None)


def test_who_saves_second_sees_both_versions(app, database, offering):
    desk = browser_of(app, ada(offering.learning_session.journey))
    opened = desk.get(HERE)
    assert send(desk, HERE, {"affiliation": "Hers"}).status_code == 303

    refused = send_again(desk, HERE, opened, {"affiliation": "Mine"})

    assert refused.status_code == 409
    assert "Affiliation Hers Mine" in Page(refused).text
    assert send_again(desk, HERE, refused).status_code == 303
    assert wanjiru(database).affiliation == "Mine"


def test_who_may(app, database, offering):
    people, stranger = cast(offering), _owner_elsewhere()
    for who in (people.ada, people.root):
        assert browser_of(app, who).get(HERE).status_code == 200
    for who in (people.cora, people.pat, people.fran, stranger):
        browser = browser_of(app, who)
        assert "Edit this page" not in browser.get(PAGE).text
        assert browser.get(HERE).status_code == 403
        assert browser.post(HERE, data=ALL).status_code == 403
    assert browser_of(app).get(HERE).location.startswith("/sign-in")
    assert browser_of(app, people.ada).get("/organise/facilitators/nobody/edit").status_code == 404
    assert wanjiru(database).name == "Wanjiru Kamau"


def test_their_own_account_edits_everything_but_whose_account_it_is(app, database, offering):
    guest = pat()
    link(wanjiru(database), "pat@example.org")
    his = browser_of(app, guest)

    page = Page(his.get(HERE))
    assert page.title == "Your page"
    assert 'name="account"' not in page.source
    assert send(his, HERE, {"affiliation": "Adviser"}).status_code == 303
    refused = send(his, HERE, {"account": ""})

    assert refused.status_code == 422
    assert "for the organisers of your sessions to say" in Page(refused).text
    assert wanjiru(database).user_id is not None


def test_no_account_for_who_leads_in_a_journey_of_others(app, database, offering):
    elsewhere = make_offering(make_learning_session(make_journey("Another")))
    lead(elsewhere, wanjiru(database))
    pat()
    desk, site = browser_of(app, ada(offering.learning_session.journey)), browser_of(app, root())

    page = Page(desk.get(HERE))
    assert "also leads in journeys that you do not run" in page.text
    assert 'name="account"' not in page.source
    refused = send(desk, HERE, {"account": "pat@example.org", "affiliation": "Adviser"})
    assert refused.status_code == 422
    assert "Ask an administrator to name the account." in Page(refused).text
    assert (wanjiru(database).user_id, wanjiru(database).affiliation) == (None, "")
    assert send(desk, HERE, {"affiliation": "Adviser"}).status_code == 303
    assert send(site, HERE, {"account": "pat@example.org"}).status_code == 303
    assert wanjiru(database).user_id is not None


def test_an_account_gets_one_page_at_most(database, offering):
    user = make_account("Pat Asante")
    other = make_facilitator("Fran Moyo")
    link(wanjiru(database), user.email)
    assert link(wanjiru(database), user.email) is user  # again is no harm
    with pytest.raises(AlreadyTaken, match="another facilitator's page"):
        link(db.get_one(Facilitator, other.id), user.email)


def test_readers_of_a_journey_see_no_link(app, database, offering):
    journey = offering.learning_session.journey
    overview = f"/organise/journeys/{journey.slug}/sessions/{offering.learning_session.slug}/"
    assert "Edit the page of" not in browser_of(app, cora(journey)).get(overview).text


def test_as_many_queries_however_much_they_lead(app, database, offering, query_counter):
    organiser = ada(offering.learning_session.journey)
    desk, counts = browser_of(app, organiser), []
    desk.get(HERE)
    for many in (0, 29):
        for number in range(many):
            journey = make_journey(f"Journey {number}")
            assign_organiser(journey, db.merge(organiser), OrganiserRole.OWNER, NOW)
            lead(make_offering(make_learning_session(journey)), wanjiru(database))
        db.commit()
        with query_counter() as queries:
            assert desk.get(HERE).status_code == 200
        counts.append(queries.count)
    assert counts[0] == counts[1]
