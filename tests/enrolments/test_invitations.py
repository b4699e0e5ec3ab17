import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import AlreadyTaken, DomainError, NotOpen, Refused
from app.domain.invitations import Judged
from app.domain.permissions import OrganiserRole
from app.enrolments import invitations
from app.enrolments.invitations import Terms
from app.enrolments.inviting import admits, use
from app.enrolments.models import Invitation
from app.journeys import operations as journeys
from app.journeys.models import Journey, JourneyStatus
from app.journeys.operations import assign_organiser
from app.messages.composed import NoLongerNeeded
from app.messages.kinds import kinds
from app.messages.models import OutboxMessage
from tests.factories import NOW, make_journey, make_user
from tests.page import Page
from tests.people import ada, browser_of, cora, make_account, nora

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def invite(journey, text, by, **terms):
    return invitations.add_addresses(journey, invitations.judge(journey, text, NOW), Terms(**terms), by, NOW)


def path_of(journey):
    return f"/organise/journeys/{journey.slug}/invitations"


def letters(database):
    return database.scalars(select(OutboxMessage).filter_by(kind="invitation").order_by("id")).all()


def all_of(database):
    return database.scalars(select(Invitation).order_by(Invitation.id)).all()


class TestWhomTheyLetIn:
    def test_a_code_however_it_is_typed(self, database):
        journey = make_journey()
        code = invitations.make_code(journey, "Ghana Health 27", Terms(), ada(journey), NOW)
        assert admits(journey.id, None, "ghana-health-27 ", NOW) is code
        assert admits(journey.id, None, "ghana-health-28", NOW) is None
        assert admits(journey.id, None, "", NOW) is None
        assert admits(make_journey("Another").id, None, "ghana-health-27", NOW) is None

    def test_an_address_counts_only_once_it_is_confirmed(self, database):
        journey = make_journey()
        organiser, efua = ada(journey), make_user(email="Efua@Example.org", is_confirmed=False)
        invite(journey, "EFUA@example.ORG", organiser)
        assert admits(journey.id, efua, "", NOW) is None
        efua.email_confirmed_at = NOW
        assert admits(journey.id, efua, "", NOW).value == "EFUA@example.ORG"

    def test_a_domain_to_the_letter(self, database):
        journey = make_journey()
        domain = invitations.add_domain(journey, "@Health.example.org", Terms(), ada(journey), NOW)
        for email, is_in in [
            ("a@health.example.org", True), ("b@HEALTH.example.org", True), ("c@example.org", False),
            ("d@xhealth.example.org", False), ("e@sub.health.example.org", False),
        ]:  # fmt: skip
            user = make_user(email, email, is_confirmed=True)
            assert (admits(journey.id, user, "", NOW) is domain) is is_in, email

    def test_none_that_is_withdrawn_expired_or_used_up(self, database):
        journey = make_journey()
        organiser = ada(journey)
        terms = Terms(most_uses=1, last_on=date(2027, 3, 3))
        code = invitations.make_code(journey, "", terms, organiser, NOW)
        end = code.expires_at
        assert admits(journey.id, None, code.value, end - timedelta(seconds=1)) is code
        assert admits(journey.id, None, code.value, end) is None
        use(code)
        assert code.uses == 1
        assert admits(journey.id, None, code.value, NOW) is None
        with pytest.raises(Refused, match="used up") as refusal:
            use(code)
        assert refusal.value.field == "code"
        assert code.uses == 1
        other = invitations.make_code(journey, "", Terms(), organiser, NOW)
        invitations.withdraw(other, NOW)
        assert admits(journey.id, None, other.value, NOW) is None
        with pytest.raises(Refused):
            use(other)

    def test_a_bad_code_does_not_keep_out_who_is_invited_otherwise(self, database):
        journey = make_journey()
        efua = make_user(is_confirmed=True)
        invite(journey, "efua@example.org", ada(journey))
        assert admits(journey.id, efua, "mistyped", NOW) is not None


class TestMakingThem:
    def test_a_code_of_the_same_letters_is_refused_also_once_withdrawn(self, database):
        journey = make_journey()
        organiser = ada(journey)
        code = invitations.make_code(journey, "Ghana 2027", Terms(), organiser, NOW)
        invitations.withdraw(code, NOW)
        with pytest.raises(AlreadyTaken) as refusal:
            invitations.make_code(journey, "GHANA-2027", Terms(), organiser, NOW)
        assert refusal.value.field == "code"
        assert invitations.make_code(make_journey("Another"), "GHANA-2027", Terms(), organiser, NOW).id

    def test_each_line_is_judged_and_each_address_written_to_once(self, database):
        journey = make_journey()
        organiser = ada(journey)
        invite(journey, "Efua <efua@example.org>\nkofi@example.org", organiser)
        kofi = all_of(database)[1]
        invitations.withdraw(kofi, NOW)
        judged = invitations.judge(
            journey, "EFUA@example.org\nkofi@example.org\nama@example.org\nAma@example.org\nx", NOW
        )
        assert [verdict for _, verdict in judged] == [
            Judged.THERE, Judged.AGAIN, Judged.ADDED, Judged.TWICE, Judged.NO_ADDRESS,
        ]  # fmt: skip
        invitations.add_addresses(journey, judged, Terms(), organiser, NOW)
        database.refresh(kofi)
        assert kofi.withdrawn_at is None
        assert [one.to_address for one in letters(database)] == [
            "efua@example.org", "kofi@example.org", "ama@example.org",
        ]  # fmt: skip
        assert letters(database)[0].to_name == "Efua"
        assert {one.scope for one in letters(database)} == {f"journey:{journey.id}"}

    def test_more_than_a_statement_holds(self, database):
        journey = make_journey()
        text = "\n".join(f"person{number}@example.org" for number in range(1000))
        invite(journey, text, ada(journey))
        assert len(all_of(database)) == len(letters(database)) == 1000
        assert {verdict for _, verdict in invitations.judge(journey, text, NOW)} == {Judged.THERE}

    def test_nobody_is_invited_into_a_closed_journey_or_written_to_about_a_draft(self, database):
        closed = make_journey(status=JourneyStatus.CLOSED)
        draft = make_journey("A draft", status=JourneyStatus.DRAFT)
        organiser = make_account("Ada Owusu")
        with pytest.raises(NotOpen, match="closed"):
            invitations.make_code(closed, "", Terms(), organiser, NOW)
        with pytest.raises(NotOpen, match="closed"):
            invitations.add_domain(closed, "example.org", Terms(), organiser, NOW)
        with pytest.raises(NotOpen, match="Publish the journey"):
            invite(draft, "efua@example.org", organiser)
        assert invitations.make_code(draft, "", Terms(), organiser, NOW).id

    def test_a_withdrawn_domain_can_be_invited_again(self, database):
        journey = make_journey()
        organiser = ada(journey)
        domain = invitations.add_domain(journey, "example.org", Terms(), organiser, NOW)
        with pytest.raises(AlreadyTaken):
            invitations.add_domain(journey, "EXAMPLE.org", Terms(), organiser, NOW)
        invitations.withdraw(domain, NOW)
        again = invitations.add_domain(
            journey, "example.org", Terms(last_on=date(2027, 4, 1)), organiser, NOW
        )
        assert again.id == domain.id
        assert (again.withdrawn_at, again.expires_at is not None) == (None, True)

    def test_a_domain_invited_again_has_the_new_terms_and_counts_whom_it_let_in(self, database):
        journey = make_journey()
        organiser = ada(journey)
        first = Terms(note="Ministry", most_uses=5)
        domain = invitations.add_domain(journey, "example.org", first, organiser, NOW)
        for _ in range(5):
            use(domain)
        for enough in (3, 5):
            with pytest.raises(DomainError, match="has let in 5 people already") as refused:
                invitations.add_domain(journey, "example.org", Terms(most_uses=enough), organiser, NOW)
            assert refused.value.field == "most_uses"

        again = invitations.add_domain(
            journey, "example.org", Terms(note="Ministry and districts", most_uses=50), organiser, NOW
        )

        assert (again.id, again.note, again.uses) == (domain.id, "Ministry and districts", 5)
        for _ in range(45):
            use(again)
        with pytest.raises(Refused):
            use(again)
        without = invitations.add_domain(journey, "example.org", Terms(), organiser, NOW)
        assert (without.note, without.most_uses, without.uses) == ("", None, 50)


class TestTheLetter:
    def compose(self, app, invitation):
        with app.app_context():
            composed = kinds["invitation"].composer({"invitation_id": invitation.id})
            return composed.subject, composed.words("").text

    def test_it_leads_to_the_journey_and_says_until_when(self, app, database):
        journey = make_journey()
        invite(journey, "efua@example.org", ada(journey), last_on=date(2027, 4, 30))
        subject, text = self.compose(app, all_of(database)[0])
        assert subject == "You are invited: Financing and Payment Models"
        assert f"{app.config['SITE_URL']}/journeys/{journey.slug}/invitation" in text
        assert "code" not in text
        assert "efua@example.org" in text
        assert "Saturday 1 May 2027, 00:00 in London (BST, UTC+1)" in text

    def test_it_is_not_sent_once_it_is_of_no_use(self, app, database):
        journey = make_journey()
        invite(journey, "efua@example.org\nkofi@example.org", ada(journey))
        efua, kofi = all_of(database)
        invitations.withdraw(efua, NOW)
        database.refresh(efua)
        journeys.close(journey, "Over.", date(2027, 3, 1), NOW)
        for one in (efua, kofi):
            with pytest.raises(NoLongerNeeded):
                self.compose(app, one)


class TestThePage:
    def test_an_organiser_makes_a_code_and_copies_its_link(self, app, database):
        journey = make_journey()
        browser, path = browser_of(app, ada(journey)), path_of(journey)
        before = Page(browser.get(path))
        assert before.title == "Invitations"
        assert "open to everybody at present" in before.text
        made = browser.submit(
            path, {"act": "code", "code": "", "most_uses": "20", "last_on": "2027-04-30", "note": "Ministry"},
            follow_redirects=True,
        )  # fmt: skip
        page = Page(made)
        code = re.search(r"The code (\S+) is made", page.notices[0]).group(1)
        assert code in [text for _, text in page.headings]
        assert "0 of 20" in page.text
        assert "Saturday 1 May 2027, 00:00 in London (BST, UTC+1)" in page.text
        assert "Ministry" in page.text
        link = f"{app.config['SITE_URL']}/journeys/{journey.slug}/invitation?code={code}"
        assert link in [facts.get("value") for tag, facts in page.tags if tag == "input"]

    def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(self, app, database):
        journey = make_journey()
        browser, path = browser_of(app, ada(journey)), path_of(journey)
        for fields, said in [
            ({"act": "code", "code": "abc"}, "at least 6 letters"),
            ({"act": "code", "most_uses": "none"}, "Give a whole number"),
            ({"act": "code", "most_uses": "0"}, "Give a number from 1"),
            ({"act": "code", "last_on": "2027-02-01"}, "1 February 2027 is over in London"),
            ({"act": "code", "last_on": "soon"}, "Give a day of the calendar"),
            ({"act": "code", "note": "x" * 201}, "at most 200"),
            ({"act": "domain", "domain": "nonsense"}, "what stands behind the @"),
            ({"act": "domain", "domain": ""}, "Give an e-mail domain"),
            ({"act": "addresses", "addresses": " "}, "Give at least one"),
            ({"act": "addresses", "addresses": "a@example.org\n" * 1001}, "at most 1,000 lines"),
            ({"act": "code", "code": "Ghana\0 2027"}, "NUL"),
        ]:
            answer = browser.submit(path, fields)
            assert answer.status_code == 422, fields
            assert said in answer.text.replace("&#39;", "'"), fields
            typed = [
                value
                for name, value in fields.items()
                if name != "act" and len(value) < 100 and "\0" not in value
            ]
            assert all(value.strip() in answer.text for value in typed)
        assert browser.submit(path, {"act": "nothing"}).status_code == 422
        assert all_of(database) == []

    def test_pasted_addresses_are_judged_before_anybody_is_written_to(self, app, database):
        journey = make_journey()
        browser, path = browser_of(app, ada(journey)), path_of(journey)
        pasted = {"act": "addresses", "addresses": "efua@example.org\nnot one\nkofi@example.org"}
        refused = browser.submit(path, pasted)
        page = Page(refused)
        assert refused.status_code == 422
        assert "Line 2 not one: not an e-mail address" in page.text
        assert "2 other addresses are ready" in page.text
        assert "not one\nkofi@example.org</textarea>" in refused.text
        assert all_of(database) == []
        done = browser.submit(path, {**pasted, "sound_only": "yes"}, follow_redirects=True)
        assert Page(done).notices == [
            "Addresses: 2 added, 1 not an e-mail address. We write to those who are new."
        ]
        assert [one.value for one in all_of(database)] == ["efua@example.org", "kofi@example.org"]
        again = browser.submit(
            path, {"act": "addresses", "addresses": "kofi@example.org"}, follow_redirects=True
        )
        assert Page(again).notices == ["Addresses: 1 already invited."]
        assert len(letters(database)) == 2

    def test_the_others_are_spoken_of_only_where_there_are_any(self, app, database):
        journey = make_journey()
        organiser = ada(journey)
        invite(journey, "efua@example.org", organiser)
        browser, path = browser_of(app, organiser), path_of(journey)
        pasted = {"act": "addresses", "addresses": "not one\nefua@example.org"}
        nothing = Page(browser.submit(path, pasted))
        assert nothing.status == 422
        assert "invite the others without them" not in nothing.links
        assert "sound_only" not in nothing.text
        invitations.withdraw(all_of(database)[0], NOW)
        database.commit()
        assert "invite the others without them" in Page(browser.submit(path, pasted)).links

    def test_withdrawing_is_asked_about_first(self, app, database):
        journey = make_journey()
        organiser = ada(journey)
        code = invitations.make_code(journey, "Ghana 2027", Terms(), organiser, NOW)
        browser, path = browser_of(app, organiser), path_of(journey)
        ask = Page(browser.get(path)).links["Withdraw … Ghana 2027"]
        assert Page(browser.get(ask)).title == "Withdraw “Ghana 2027”?"
        assert browser.post(ask).status_code == 422
        done = browser.submit(ask, follow_redirects=True)
        assert Page(done).notices == ["Ghana 2027 lets nobody in any more."]
        assert "Withdrawn" in Page(done).text
        assert "Withdraw … Ghana 2027" not in Page(done).links
        assert browser.get(path_of(journey) + "/999/withdraw").status_code == 404
        assert database.get_one(Invitation, code.id).withdrawn_at == NOW

    def test_a_second_press_makes_no_second_code(self, app, database):
        journey = make_journey()
        browser, path = browser_of(app, ada(journey)), path_of(journey)
        once = re.search(r'name="once" value="([^"]+)"', browser.get(path).text).group(1)
        for _ in range(2):
            assert browser.submit(path, {"act": "code", "once": once}).status_code == 303
        assert len(all_of(database)) == 1

    def test_who_may_see_it(self, app, database):
        journey = make_journey()
        keeper = make_account("Kay Ndlovu")
        assign_organiser(journey, keeper, OrganiserRole.PEOPLE, NOW)
        owner, reader, newcomer = ada(journey), cora(journey), nora()
        another = make_journey("Another")
        code = invitations.make_code(another, "", Terms(), owner, NOW)
        path, other = path_of(journey), f"{path_of(journey)}/{code.id}/withdraw"
        everybody = (owner, keeper, reader, newcomer, None)
        assert [browser_of(app, who).get(path).status_code for who in everybody] == [200, 200, 403, 403, 303]
        assert browser_of(app, owner).get(other).status_code == 404, "of another journey"
        draft = make_journey("A draft", status=JourneyStatus.DRAFT)
        assert browser_of(app, newcomer).get(path_of(draft)).status_code == 404

    def test_its_queries_do_not_grow(self, app, database, query_counter):
        journey = make_journey()
        organiser = ada(journey)
        counts = []
        for number in (1, 30):
            for one in range(number):
                invitations.make_code(journey, "", Terms(), organiser, NOW)
                invite(journey, f"p{number}.{one}@example.org", organiser)
            browser = browser_of(app, organiser)
            browser.get(path_of(journey))
            with query_counter() as counted:
                assert browser.get(path_of(journey)).status_code == 200
            counts.append(counted.count)
            journey, organiser = database.get_one(Journey, journey.id), database.merge(organiser)
        assert counts[0] == counts[1]

    def test_a_long_list_has_pages(self, app, database):
        journey = make_journey()
        organiser = ada(journey)
        invite(journey, "\n".join(f"p{number:03}@example.org" for number in range(150)), organiser)
        browser, path = browser_of(app, organiser), path_of(journey)
        first, second = Page(browser.get(path)), Page(browser.get(f"{path}?page=2"))
        assert "150 addresses" in first.text
        assert "p099@example.org" in first.text
        assert "p100@example.org" not in first.text
        assert "p149@example.org" in second.text
        for odd in ("0", "99", "-3", "x", "9" * 30):
            assert browser.get(f"{path}?page={odd}").status_code == 200


class TestTheLink:
    def test_it_leads_to_enrolling_with_the_code_and_tells_nothing_about_it(self, app, database):
        journey = make_journey()
        for code in ("7KQM-2HXA-94TB", "wrong"):
            answer = browser_of(app, nora() if code == "wrong" else None).get(
                f"/journeys/{journey.slug}/invitation?code={code}"
            )
            assert answer.status_code == 303
            assert answer.location == f"/journeys/{journey.slug}/enrolment?code={code}"

    def test_odd_codes_do_no_harm(self, app, database):
        journey = make_journey()
        browser = browser_of(app)
        assert browser.get(f"/journeys/{journey.slug}/invitation?code=%00").status_code == 404
        for code in ("x" * 5000, "%ED%A0%80", "", "a%0d%0ab"):
            assert browser.get(f"/journeys/{journey.slug}/invitation?code={code}").status_code == 303
        assert (
            browser.get(f"/journeys/{journey.slug}/invitation").location
            == f"/journeys/{journey.slug}/enrolment"
        )
        assert browser.get("/journeys/nowhere/invitation").status_code == 404
