from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.permissions import OrganiserRole
from app.domain.seats import PlaceStatus
from app.enrolments import naming, operations, reserving, steps
from app.enrolments.decisions import Decided, Ground
from app.enrolments.models import Place
from app.enrolments.recording import record
from app.enrolments.reserved import ReservedBlock
from app.journeys.composing import add_country_group
from app.journeys.models import Journey, JourneyStatus
from app.journeys.operations import assign_organiser, close
from app.learning_sessions.models import Offering
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.models import OutboxMessage
from app.participants.models import Participant
from app.scheduling.operations import cancel
from app.web.logs import redact
from tests.enrolments.grouping import RELEASE, make_block
from tests.enrolments.invariants import check_session
from tests.factories import NOW, make_learning_session, make_offering, make_participant
from tests.notices.golden import text_in
from tests.page import Page
from tests.participants.test_profile import PROFILE
from tests.people import ada, browser_of, cora, make_account, nora, pat, root, seat, will
from tests.reader import CSRF, SEEN, Client

CONFIRMED = PlaceStatus.CONFIRMED


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@dataclass(frozen=True)
class Scene:
    """A sitting with six places and three of them reserved; pat names the people of the group."""

    app: Flask
    journey_id: int
    offering_id: int
    block_id: int
    page: str
    ada: Client
    pat: Client
    nora: Client

    @property
    def block(self) -> ReservedBlock:
        return db.get_one(ReservedBlock, self.block_id)

    @property
    def offering(self) -> Offering:
        return db.get_one(Offering, self.offering_id)

    @property
    def journey(self) -> Journey:
        return db.get_one(Journey, self.journey_id)

    @property
    def blocks(self) -> str:
        return f"/organise/offerings/{self.offering_id}/blocks"

    @property
    def desk(self) -> str:
        return f"/organise/blocks/{self.block_id}"

    @property
    def group(self) -> str:
        return f"/groups/{self.block_id}/"

    def link(self) -> str:
        address = self.pat.get(self.group).text.split('id="group-link" readonly value="')[1].split('"')[0]
        assert address.startswith("http://127.0.0.1:8000/join-group/")
        return address.removeprefix("http://127.0.0.1:8000")

    def person(self, name: str) -> Participant:
        return db.scalars(select(Participant).where(Participant.name == name)).one()

    def name(self, who: str) -> int:
        """Give a place of the group to somebody; its number."""
        known = db.scalar(select(Participant).where(Participant.name == who))
        place = naming.name(self.block, known or make_participant(who), NOW)
        db.commit()
        return place.id


@pytest.fixture
def scene(app, database) -> Scene:
    offering = make_offering(capacity_online=6)
    one, focal = offering.learning_session, pat()
    journey, block = one.journey, make_block(offering, 3, focal=focal)
    facts = (journey.id, offering.id, block.id, f"/journeys/{journey.slug}/sessions/{one.slug}/")
    return Scene(app, *facts, *(browser_of(app, who) for who in (ada(journey), focal, nora())))


def typed(**more: str) -> dict[str, str]:
    return {
        "name": "Ministry of Health",
        "places": "2",
        "release": "2027-04-15T09:00",
        "zone": "Accra",
        **more,
    }


ESI = {"email": "esi@example.org", "person_name": "Esi Addo"}
CHANGED = {
    "name": "Ghana country group", "places": "5", "release": "2027-04-15T09:00", "zone": "Accra",
    "focal": "Pat Asante",
}  # fmt: skip


class TestReserving:
    def test_an_organiser_reserves_places_for_a_country_group(self, scene):
        db.get_one(User, scene.person("Pat Asante").user_id).email_confirmed_at = NOW
        group = add_country_group(scene.journey, "GH", "Country group of Ghana", NOW).id
        before = Page(scene.ada.get(scene.blocks))
        assert "3 places online are free that nobody waits for" in before.text
        fields = typed(name="", group=f"c{group}", focal="pat@example.org", places="2")
        answer = scene.ada.submit(scene.blocks, fields)
        made = db.scalars(select(ReservedBlock).order_by(ReservedBlock.id.desc())).first()
        assert made is not None
        assert (made.country_group_id, made.release_at, made.focal_participant_id) == (
            group, RELEASE, scene.person("Pat Asante").id
        )  # fmt: skip
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{scene.blocks}#block-{made.id}")
        after = Page(scene.ada.get(scene.blocks))
        assert after.sections[0] == "Two groups"
        assert after.notices[0].startswith(
            "2 places are reserved for “Country group of Ghana”. Pat Asante names"
        )
        assert "0 of 2 named Country group of Ghana 2 places online, 0 with a name." in after.text
        assert "Thursday 15 April 2027, 09:00 in Accra (GMT, UTC)" in after.text

    def test_the_same_form_sent_twice_reserves_once(self, scene):
        found = CSRF.search(scene.ada.get(scene.blocks).text)
        assert found is not None
        fields = typed(once="the same", csrf_token=found.group(1))
        answers = [scene.ada.post(scene.blocks, data=fields).status_code for _ in range(2)]
        assert (answers, scene.offering.held_online) == ([303, 303], 5)

    @pytest.mark.parametrize(
        ("end", "sentence"),
        [
            ("cancelled", "This sitting is cancelled;"),
            ("draft", "is neither published nor open; places are reserved once it is."),
            ("closed", "is neither published nor open; places are reserved once it is."),
            ("no limit", "This sitting has no limit: everybody who asks gets a place"),
            ("full", "No place is free that nobody waits for, so none can be reserved."),
        ],
    )
    def test_where_nothing_can_be_reserved_the_page_says_why(self, scene, end, sentence):
        path = scene.blocks
        if end == "cancelled":
            cancel(scene.offering, "Ill", NOW)
        elif end == "draft":
            scene.journey.status = JourneyStatus.DRAFT
        elif end == "closed":
            close(scene.journey, "It is over.", None, NOW)
        elif end == "full":
            make_block(scene.offering, 3, name="Others")
        else:
            other = make_offering(make_learning_session(scene.journey, "Another"), capacity_online=None)
            path = f"/organise/offerings/{other.id}/blocks"
        db.commit()
        page = Page(scene.ada.get(path))
        assert sentence in page.text
        assert "Reserve the places" not in page.buttons
        refused = scene.ada.submit(path, typed(), page="/me/profile")
        assert refused.status_code == 422
        assert 'value="Ministry of Health"' in refused.text

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"places": "7"}, "Only 3 places online are free."),
            ({"places": "many"}, "Give a whole number, such as 30."),
            ({"places": ""}, "Say how many places."),
            ({"release": "2027-02-01T09:00"}, "Release them at a moment that is still to come."),
            ({"release": "2027-04-23T09:00"}, "Release the places by the beginning of the sitting"),
            ({"release": "2027-03-28T01:30", "zone": "London"}, "01:30"),
            ({"release": ""}, "Say when they go back."),
            ({"zone": "Nowhere at all"}, "Nowhere at all"),
            ({"name": ""}, "Say for which group the places are."),
            (
                {"name": "ghana country group"},
                "There are places for “ghana country group” in this sitting already.",
            ),
            ({"focal": "who@example.org"}, "No account has confirmed this address."),
            ({"focal": "Nobody Here"}, "Nobody of the name “Nobody Here” is enrolled with an account."),
            ({"focal": "Twin Name"}, "2 people are called “Twin Name”."),
            ({"group": "c99999"}, "Not a valid choice"),
        ],
    )
    def test_bad_input_comes_back_with_what_was_typed(self, scene, fields, sentence):
        for number in range(2):
            user = make_account(f"T{number} Name")
            operations.enrol(scene.journey, make_participant("Twin Name", user=user), NOW)
        answer = scene.ada.submit(scene.blocks, typed(**fields))
        assert answer.status_code == 422
        assert sentence in Page(answer).text
        assert "places" in fields or 'value="2"' in answer.text
        assert scene.offering.held_online == 3

    def test_a_focal_person_is_found_by_name_among_the_enrolled(self, scene):
        operations.enrol(scene.journey, scene.person("Nora Ilunga"), NOW)
        assert scene.ada.submit(scene.blocks, typed(focal="nora ILUNGA")).status_code == 303
        assert "You name the people of" in Page(scene.nora.get("/me/")).sections

    def test_changing_shows_what_is_stored_and_keeps_the_focal_person(self, scene):
        before = Page(scene.ada.get(f"{scene.desk}/edit"))
        assert "3 places online, 0 with a name" in before.text
        assert 'value="2027-04-15T09:00"' in before.source
        answer = scene.ada.submit(f"{scene.desk}/edit", CHANGED)
        assert answer.headers["Location"] == f"{scene.blocks}#block-{scene.block_id}"
        assert (scene.block.places, scene.offering.held_online) == (5, 5)
        assert scene.block.focal is scene.person("Pat Asante")

    def test_who_saves_second_sees_both_versions(self, scene):
        opened = scene.ada.get(f"{scene.desk}/edit").text
        token, seen = CSRF.search(opened), SEEN.search(opened)
        assert token is not None
        assert seen is not None
        facts = {
            name: getattr(scene.block, name) for name in ("name", "way", "release_at", "timezone", "focal")
        }
        reserving.revise(scene.block, reserving.Wanted(**facts, places=2), NOW)
        fields = CHANGED | {"csrf_token": token.group(1), "seen": seen.group(1)}
        answer = scene.ada.post(f"{scene.desk}/edit", data=fields)
        assert answer.status_code == 409
        assert "Two versions" in Page(answer).text
        assert scene.block.places == 2

    def test_handing_back_asks_first_and_promotes_who_waits(self, scene):
        waits = [seat(make_participant(f"Person {number}"), scene.offering).id for number in range(5)][3:]
        asked = Page(scene.ada.get(f"{scene.desk}/return"))
        assert asked.title == "Hand back the places of “Ghana country group”?"
        assert "2 people wait in this line" in asked.text
        answer = scene.ada.submit(f"{scene.desk}/return")
        after = Page(scene.ada.get(answer.headers["Location"]))
        assert after.notices[0] == "3 places of “Ghana country group” are everybody’s again."
        assert [db.get_one(Place, one).status for one in waits] == [CONFIRMED] * 2
        assert scene.ada.get(f"{scene.desk}/return").status_code == 303
        assert scene.ada.get(f"{scene.desk}/edit").status_code == 303
        check_session(scene.offering.learning_session_id, NOW)

    def test_only_those_who_keep_the_people_reserve(self, scene):
        keeper = make_account("Kay Keeper")
        assign_organiser(scene.journey, keeper, OrganiserRole.PEOPLE, NOW)
        everybody = ((keeper, 200), (root(), 200), (cora(scene.journey), 403), (None, 303))
        browsers = [(browser_of(scene.app, who), status) for who, status in everybody]
        for browser, status in [*browsers, (scene.pat, 403)]:
            for path in (scene.blocks, f"{scene.desk}/edit", f"{scene.desk}/return"):
                assert browser.get(path).status_code == status

    def test_the_list_costs_the_same_with_many_groups(self, scene, query_counter):
        number = make_offering(make_learning_session(scene.journey, "Another"), capacity_online=200).id
        counts = []
        for count in (1, 30):
            for one in range(count):
                make_block(db.get_one(Offering, number), 2, name=f"Group {count} {one}")
            db.commit()
            with query_counter() as counted:
                assert scene.ada.get(f"/organise/offerings/{number}/blocks").status_code == 200
            counts.append(counted.count)
        assert counts[0] == counts[1]


def write_names(block_id: int, count: int) -> None:
    """Name so many people more as rows: naming each would take long."""
    block = db.get_one(ReservedBlock, block_id)
    named = db.scalars(select(Place).where(Place.block_id == block_id)).one()
    for number in range(count):
        place = Place(
            participant_id=make_participant(f"Person {number:03}").id,
            offering_id=named.offering_id,
            learning_session_id=named.learning_session_id,
            way=named.way,
            status=CONFIRMED,
            queue_number=number + 2,
            requested_at=NOW,
            confirmed_at=NOW,
            updated_at=NOW,
            block_id=block_id,
        )
        db.add(place)
        db.flush()
        record(place, Decided.NAMED, Ground.BLOCK, None, NOW, note=block.name)
    steps.count(block.offering_id, block.way, confirmed=count, held=-count)
    steps.count_block(block_id, named=count)
    db.commit()


class TestNaming:
    def test_the_focal_person_finds_the_group_and_names_somebody(self, scene):
        mine = Page(scene.pat.get("/me/"))
        assert "You name the people of" in mine.sections
        assert mine.links["Ghana country group"] == scene.group
        before = Page(scene.pat.get(scene.group))
        assert before.title == "Ghana country group: places in “What capitation pays for”"
        assert "0 of 3 places online have a name." in before.text
        assert "they need not ask for it, nobody has to approve it" in before.text
        answer = scene.pat.submit(scene.group, ESI)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{scene.group}#names")
        after = Page(scene.pat.get(scene.group))
        assert "1 of 3 places online have a name." in after.text
        assert "Esi Addo esi@example.org Named by Pat Asante" in after.text
        check_session(scene.offering.learning_session_id, NOW)

    def test_what_cannot_be_is_said_and_nobody_is_enrolled(self, scene):
        for fields, sentence in (
            ({"email": "nonsense"}, "Write an e-mail address"),
            ({"email": "esi@example.org"}, "Give the person’s name too."),
            ({"email": ""}, "Give the person’s e-mail address."),
        ):
            answer = scene.pat.submit(scene.group, fields)
            assert answer.status_code == 422
            assert sentence in Page(answer).text
        assert scene.pat.submit(scene.group, ESI).status_code == 303
        answer = scene.ada.submit(scene.group, ESI)
        assert answer.status_code == 422
        assert "Esi Addo has a place in this sitting already." in Page(answer).text
        assert scene.block.named == 1

    def test_names_are_swapped_and_taken_out(self, scene):
        first = scene.name("Nora Ilunga")
        swap = f"{scene.group}names/{first}/swap"
        assert Page(scene.pat.get(swap)).title == "Who comes instead of Nora Ilunga?"
        assert scene.pat.submit(swap, ESI).status_code == 303
        assert scene.pat.get(swap).status_code == 404
        second = db.scalars(select(Place.id).where(Place.block_id == scene.block_id)).one()
        take_out = f"{scene.group}names/{second}/remove"
        assert Page(scene.pat.get(take_out)).title == "Take Esi Addo out?"
        assert scene.pat.submit(take_out).status_code == 303
        after = Page(scene.pat.get(scene.group))
        assert "Esi Addo has no place any more By Pat Asante" in after.text
        assert "0 of 3 places online have a name." in after.text
        check_session(scene.offering.learning_session_id, NOW)

    def test_a_focal_person_learns_nothing_of_others_by_their_addresses(self, scene):
        nora = scene.person("Nora Ilunga")
        db.get_one(User, nora.user_id).email_confirmed_at = NOW
        seat(nora, scene.offering)
        place = scene.name("Kojo Mensah")
        known = {"email": "nora@example.org", "person_name": "Somebody"}
        for path in (scene.group, f"{scene.group}names/{place}/swap"):
            answer = scene.pat.submit(path, known)
            assert answer.status_code == 422
            assert "This person cannot be named here; ask the organisers." in Page(answer).text
            assert "Nora" not in answer.text
            for email in ("nora@example.org", "nobody@example.org"):
                unnamed = Page(scene.pat.submit(path, {"email": email})).text
                assert "Give the person’s name too." in unnamed
            told = Page(scene.ada.submit(path, {"email": "nora@example.org"})).text
            assert "Nora Ilunga has a place in this sitting already." in told
        assert scene.block.named == 1

    def test_trying_addresses_is_slowed_down_and_naming_is_not(self, scene):
        nora = scene.person("Nora Ilunga")
        db.get_one(User, nora.user_id).email_confirmed_at = NOW
        seat(nora, scene.offering)
        known = {"email": "nora@example.org", "person_name": "Somebody"}
        statuses = [scene.pat.submit(scene.group, known).status_code for _ in range(7)]
        assert scene.pat.submit(scene.group, ESI).status_code == 303
        statuses += [scene.pat.submit(scene.group, known).status_code]
        answer = scene.pat.submit(scene.group, known)
        assert statuses == [422] * 8
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
        assert "Wait 30 seconds" in Page(answer).text
        assert answer.headers["Cache-Control"] == "no-store"
        assert scene.ada.submit(scene.group, known).status_code == 422

    @pytest.mark.parametrize(("act", "fields"), [("swap", ESI), ("remove", {})])
    def test_a_second_press_leads_to_the_group_and_does_nothing_more(self, scene, act, fields):
        address = f"{scene.group}names/{scene.name('Nora Ilunga')}/{act}"
        token = CSRF.search(scene.pat.get(address).text)
        assert token is not None
        sent = fields | {"csrf_token": token.group(1), "once": "the same"}
        answers = [scene.pat.post(address, data=sent) for _ in range(2)]
        for answer in answers:
            assert (answer.status_code, answer.headers["Location"]) == (303, f"{scene.group}#names")
        assert "This person has no place of the group any more" in Page(scene.pat.get(scene.group)).text
        assert scene.block.named == (1 if fields else 0)
        assert scene.pat.submit(f"{scene.group}names/99999/{act}", page=scene.group).status_code == 404
        assert scene.nora.submit(address, page="/me/profile").status_code == 404
        check_session(scene.offering.learning_session_id, NOW)

    def test_once_the_places_went_back_the_page_only_tells(self, scene):
        place = scene.name("Nora Ilunga")
        reserving.hand_back(scene.block, NOW)
        after = Page(scene.pat.get(scene.group))
        assert "Nobody else can be named." in after.text
        assert after.buttons == []
        assert scene.pat.get(f"{scene.group}names/{place}/remove").status_code == 303
        answer = scene.pat.submit(scene.group, ESI, page="/me/profile")
        assert answer.status_code == 422
        assert db.scalars(select(Participant).where(Participant.name == "Esi Addo")).all() == []

    def test_nobody_else_sees_the_group(self, scene):
        elsewhere = will()
        make_block(
            make_offering(make_learning_session(title="Elsewhere"), capacity_online=4), 2, focal=elsewhere
        )
        place = scene.name("Nora Ilunga")
        everybody = ((root(), 200), (cora(scene.journey), 404), (elsewhere, 404), (None, 303))
        browsers = [(browser_of(scene.app, who), status) for who, status in everybody]
        names = f"{scene.group}names/{place}/"
        for browser, status in [*browsers, (scene.pat, 200), (scene.ada, 200), (scene.nora, 404)]:
            for path in (scene.group, f"{scene.group}link", f"{names}swap", f"{names}remove"):
                assert browser.get(path).status_code == status

    def test_many_names_stand_on_several_pages_and_all_are_counted(self, scene):
        offering = make_offering(make_learning_session(scene.journey, "Big"), capacity_online=300)
        number = make_block(offering, 250, focal=scene.person("Pat Asante")).id
        naming.name(db.get_one(ReservedBlock, number), make_participant("Zed Zuma"), NOW)
        write_names(number, 200)
        first = Page(scene.pat.get(f"/groups/{number}/"))
        assert first.sections[0] == "201 names"
        assert "201 of 250 places online have a name." in first.text
        assert "Page 1 of 2" in first.text
        assert first.source.count("Take out …") == 200
        last = Page(scene.pat.get(first.links["Next page"]))
        assert last.sections[0] == "201 names"
        assert last.source.count("Take out …") == 1
        assert "Zed Zuma Named by" in last.text or "Zed Zuma Came by" in last.text
        for odd in ("0", "99", "x", "-1", "²"):
            assert scene.pat.get(f"/groups/{number}/?page={odd}").status_code == 200

    def test_the_page_costs_the_same_with_many_names(self, scene, query_counter):
        offering = make_offering(make_learning_session(scene.journey, "Big"), capacity_online=90)
        number, counts = make_block(offering, 60, focal=scene.person("Pat Asante")).id, []
        for count in (1, 30):
            for one in range(count):
                person = make_participant(f"Person {count} {one}")
                naming.name(db.get_one(ReservedBlock, number), person, NOW)
            db.commit()
            with query_counter() as counted:
                assert scene.pat.get(f"/groups/{number}/").status_code == 200
            counts.append(counted.count)
        assert counts[0] == counts[1]


class TestLink:
    def test_one_press_takes_a_place(self, scene):
        scene.name("Esi Addo")
        link = scene.link()
        before = Page(scene.nora.get(link))
        assert before.title == "A place for Ghana country group in “What capitation pays for”"
        assert "2 places online of 3 are left for the group." in before.text
        assert "Esi" not in before.source
        answer = scene.nora.submit(link)
        assert (answer.status_code, answer.headers["Location"]) == (303, scene.page)
        assert scene.block.named == 2
        assert "You have a place in this sitting." in Page(scene.nora.get(link)).text
        check_session(scene.offering.learning_session_id, NOW)

    def test_a_stranger_goes_through_sign_in_and_comes_back(self, scene):
        link, stan = scene.link(), browser_of(scene.app)
        before = Page(stan.get(link))
        assert before.links["Make an account"] == f"/sign-up?next={link}"
        assert before.buttons == []
        answer = stan.submit(link, page="/sign-in")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next={link}")
        assert scene.block.named == 0

    def test_who_has_no_profile_yet_comes_back_from_it(self, scene):
        link, browser = scene.link(), browser_of(scene.app, make_account("Kit Newcomer"))
        answer = browser.submit(link)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/me/profile?next={link}")
        shown = browser.get(answer.headers["Location"]).text
        assert f'name="next" value="{link}"' in shown
        fields = PROFILE | {"name": "Kit Newcomer", "next": link}
        answer = browser.submit("/me/profile", fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, link)
        assert Page(browser.get(link)).buttons == ["Take a place"]
        answer = browser.submit("/me/profile", fields | {"next": "//elsewhere.example.org/"})
        assert answer.headers["Location"] == "/me/profile"

    def test_a_link_that_is_foreign_or_renewed_says_so(self, scene):
        link = scene.link()
        for dead in ("/join-group/nonsense", f"{link}x", f"/join-group/{'x' * 300}"):
            answer = scene.nora.get(dead)
            assert answer.status_code == 404
            assert "does not work any more" in Page(answer).text
        assert scene.pat.submit(f"{scene.group}link").status_code == 303
        assert scene.nora.get(link).status_code == 404
        assert scene.nora.submit(link, page="/me/profile").status_code == 404
        assert scene.link() != link

    @pytest.mark.parametrize(
        ("end", "sentence"),
        [
            ("full", "All places of the group are taken."),
            ("over", "The group’s places went back to everybody"),
            ("cancelled", "This sitting has been cancelled."),
            ("closed", "is not open, so no places are given now."),
        ],
    )
    def test_when_there_is_nothing_to_take_the_page_says_why(self, scene, end, sentence):
        link = scene.link()
        if end == "full":
            for number in range(3):
                scene.name(f"Person {number}")
        elif end == "over":
            reserving.hand_back(scene.block, NOW)
        elif end == "cancelled":
            cancel(scene.offering, "Ill", NOW)
        else:
            close(scene.journey, "It is over.", None, NOW)
        named = scene.block.named
        after = Page(scene.nora.get(link))
        assert sentence in after.text
        assert after.buttons == []
        assert scene.nora.submit(link, page="/me/profile").status_code == 422
        assert scene.block.named == named

    def test_who_holds_a_twin_is_told_that_it_is_a_swap(self, scene):
        twin = make_offering(scene.offering.learning_session, capacity_online=3)
        held, link = seat(scene.person("Nora Ilunga"), twin).id, scene.link()
        before = Page(scene.nora.get(link))
        assert "One person has one place" in before.text
        assert before.buttons == ["Change to this place"]
        assert scene.nora.submit(link).status_code == 303
        assert db.get_one(Place, held).status is PlaceStatus.RELEASED

    def test_the_link_of_a_draft_leads_nowhere(self, scene):
        link = scene.link()
        scene.journey.status = JourneyStatus.DRAFT
        assert scene.nora.get(link).status_code == 404

    def test_the_secret_stays_where_it_belongs(self, scene):
        link = scene.link()
        token = link.rpartition("/")[2]
        for line in (f"GET {link} 303", f'"{link}" "http://127.0.0.1:8000/sign-in?next={link}"'):
            assert token not in redact(line)
        for answer in (scene.nora.get(link), scene.pat.get(scene.group)):
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == "no-store"


class TestGivingUp:
    """A place goes back to the group while its places are the group's, and to those who wait after that."""

    def given_up(self, scene) -> str:
        place = scene.name("Nora Ilunga")
        release = f"/me/places/{place}/release"
        before = Page(scene.nora.get(release)).text
        answer = scene.nora.submit(release)
        assert answer.status_code == 303
        return f"{before} {Page(scene.nora.get(answer.headers['Location'])).notices[0]}"

    def test_while_the_block_stands_it_is_the_groups_again(self, scene):
        said = self.given_up(scene)
        assert "Your group gave you this place; it can give it to somebody else." in said
        assert said.endswith("Your place is the group’s again.")
        assert scene.block.unnamed == 3

    @pytest.mark.parametrize("end", ["handed back", "released by time"])
    def test_once_the_block_has_ended_it_is_for_the_next_in_line(self, scene, time_machine, end):
        place = scene.name("Nora Ilunga")
        for number in range(6):
            seat(make_participant(f"Person {number}"), scene.offering)
        if end == "handed back":
            reserving.hand_back(scene.block, NOW)
        else:
            time_machine.move_to(RELEASE, tick=False)
        browser = browser_of(scene.app, scene.person("Nora Ilunga"))
        release = f"/me/places/{place}/release"
        before = Page(browser.get(release))
        answer = browser.submit(release)
        after = Page(browser.get(answer.headers["Location"]))
        assert "Your group" not in before.text
        assert "waiting; the first of them has your place at once." in before.text
        assert after.notices[0].endswith("Your place is free for somebody else.")

    def test_the_roster_says_where_the_place_goes(self, scene):
        place = scene.name("Nora Ilunga")
        asked = f"/organise/offerings/{scene.offering_id}/roster/act?who={place}&do=take-out"
        assert "1 of them goes back to the group" in Page(scene.ada.get(asked)).text
        reserving.hand_back(scene.block, NOW)
        after = Page(scene.ada.get(asked)).text
        assert "1 place becomes free online." in after
        assert "back to the group" not in after


def test_the_focal_person_and_the_named_are_written_to(scene):
    block = scene.block
    named = naming.name(block, naming.person(block, "esi@example.org", "Esi Addo", NOW), NOW)
    with scene.app.app_context():
        letters = {
            one.kind: text_in(compose(one, "Meridian <m@example.org>"))
            for one in db.scalars(select(OutboxMessage)).all()
        }
        assert (
            "3 places in “What capitation pays for” are reserved for Ghana country group"
            in letters["block-reserved"]
        )
        assert "Thursday 15 April 2027, 09:00 in Accra (GMT, UTC)" in letters["block-reserved"]
        assert scene.group in letters["block-reserved"]
        assert "“Ghana country group” has given you one of its places." in letters["named"]
        assert "With one for esi@example.org" in letters["named"]
        naming.unname(named, NOW)
        last = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "unnamed")).one()
        assert "for somebody else of the group" in text_in(compose(last, "Meridian <m@example.org>"))
        reserving.hand_back(block, NOW)
        for one in db.scalars(
            select(OutboxMessage).where(OutboxMessage.kind.in_(["named", "block-reserved"]))
        ):
            with pytest.raises(NoLongerNeeded):
                compose(one, "Meridian <m@example.org>")
