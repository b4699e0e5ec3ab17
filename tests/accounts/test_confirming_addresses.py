import logging
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from app.accounts import operations, queries
from app.accounts.addresses import token_for, user_of
from app.accounts.models import Attempt, User
from app.accounts.passwords import hash_password
from app.messages.composed import NoLongerNeeded
from app.messages.kinds import kinds
from app.messages.models import OutboxMessage
from app.web.logs import redact
from tests.factories import NOW, PASSWORD, make_participant, make_user
from tests.page import Page
from tests.people import browser_of, pat

FORM = {
    "name": "Efua Mensah",
    "email": "efua@example.org",
    "password": "three brown goats dance",
    "country": "GH",
    "zone": "Africa/Accra",
    "works_from": "09:00",
    "works_until": "17:00",
    "days_off": ["sat", "sun"],
}


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def letters(database):
    return database.scalars(select(OutboxMessage).filter_by(kind="confirm-address")).all()


def link_of(app, database):
    """The path in the newest letter, as its reader would open it."""
    with app.app_context():
        words = kinds["confirm-address"].composer(letters(database)[-1].payload)
    found = re.search(r"^(http\S+/confirm-address/\S+)$", words.text, re.MULTILINE)
    assert found is not None
    assert found.group(1).startswith(app.config["SITE_URL"])
    return urlsplit(found.group(1)).path


def confirmed_at(email="efua@example.org"):
    return queries.by_email(email).email_confirmed_at


def test_signing_up_sends_a_letter_whose_link_confirms_with_one_press(app, client, database):
    signed_up = client.submit("/sign-up", FORM, follow_redirects=True)
    assert any("We are writing to efua@example.org" in notice for notice in Page(signed_up).notices)
    profile = Page(client.get("/me/profile"))
    assert "efua@example.org is not confirmed yet" in profile.text
    assert "Write to me again" in profile.buttons
    link = link_of(app, database)

    shown = client.get(link)
    assert Page(shown).buttons[-1] == "Confirm efua@example.org"
    assert confirmed_at() is None, "reading a page writes nothing"
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Referrer-Policy"] == "no-referrer"

    done = client.submit(link, follow_redirects=True)
    assert Page(done).notices[0] == "efua@example.org is confirmed."
    assert confirmed_at() == NOW
    again = Page(client.get(link, follow_redirects=True))
    assert (again.title, again.notices) == ("Your profile", ["efua@example.org is confirmed."])
    assert "Write to me again" not in again.buttons


def test_only_the_account_itself_follows_the_link(app, database):
    """Who never made the account cannot be tricked into confirming it for somebody else."""
    efua, other = make_user(), pat()
    link = f"/confirm-address/{token_for(efua, app.config['SECRET_KEY'])}"
    stranger = browser_of(app).get(link)
    assert stranger.status_code == 303
    assert stranger.location == f"/sign-in?next={link}"
    answer = browser_of(app, other).get(link)
    assert answer.status_code == 403
    assert Page(answer).title == "This link is for another account"
    assert confirmed_at() is None

    browser = browser_of(app)
    browser.submit(f"/sign-in?next={link}", {"email": "efua@example.org", "password": PASSWORD, "next": link})
    assert Page(browser.get(link)).title == "Confirm your address"


def test_an_old_changed_or_invented_link_says_what_to_do(app, database, time_machine):
    efua = make_user()
    key = app.config["SECRET_KEY"]
    token = token_for(efua, key)
    browser = browser_of(app, efua)
    for wrong in (token[:-1], "x", "a" * 5_000, token.replace(".", "/", 1), "%00", "W10.abc.def"):
        answer = browser.get(f"/confirm-address/{wrong}")
        assert answer.status_code == 404, wrong
    assert Page(browser.get("/confirm-address/x")).buttons[-1] == "Send me a new link"

    time_machine.move_to(NOW + timedelta(days=3, seconds=2), tick=False)
    assert browser.get(f"/confirm-address/{token}").status_code == 404


def test_a_new_password_or_address_ends_the_link(app, database):
    efua = make_user()
    key = app.config["SECRET_KEY"]
    token = token_for(efua, key)
    assert user_of(token, key) is efua
    assert user_of(token, "another key of the site") is None
    efua.email_folded = "another@example.org"
    assert user_of(token, key) is None
    token = token_for(efua, key)
    operations.change_password(efua, hash_password("seven grey herons wait"))
    assert user_of(token, key) is None


def test_letters_are_written_a_few_times_an_hour(app, database):
    efua = make_user()
    browser = browser_of(app, efua)
    for _ in range(3):
        sent = browser.submit("/me/confirm-address", page="/me/profile", follow_redirects=True)
        assert Page(sent).notices[0].startswith("We are writing to efua@example.org")
    refused = browser.submit("/me/confirm-address", page="/me/profile")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "too many attempts" in Page(refused).text
    assert len(letters(database)) == 3
    assert database.scalar(select(func.count()).select_from(Attempt).filter_by(kind="confirmation")) == 3


def test_a_letter_for_a_confirmed_address_is_not_sent(app, database):
    efua = make_user()
    browser = browser_of(app, efua)
    browser.submit("/me/confirm-address", page="/me/profile")
    efua = queries.by_email("efua@example.org")
    efua.email_confirmed_at = NOW
    database.commit()
    browser.submit("/me/confirm-address", page="/me/calendar")
    assert len(letters(database)) == 1
    with app.app_context(), pytest.raises(NoLongerNeeded):
        kinds["confirm-address"].composer({"user_id": efua.id})


def test_a_form_without_its_token_comes_back(app, database):
    efua = make_user()
    browser = browser_of(app, efua)
    assert browser.post("/me/confirm-address").status_code == 422
    link = f"/confirm-address/{token_for(queries.by_email('efua@example.org'), app.config['SECRET_KEY'])}"
    assert browser.post(link).status_code == 422
    assert confirmed_at() is None
    assert letters(database) == []


def test_following_links_is_slowed_down(app, database):
    efua = make_user()
    browser = browser_of(app, efua)
    codes = {browser.submit("/confirm-address/x", page="/me/profile").status_code for _ in range(30)}
    assert codes == {404}
    refused = browser.submit("/confirm-address/x", page="/me/profile")
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers


def test_accounts_made_at_the_command_line_are_confirmed(app, database):
    arguments = ["user", "create", "root@example.org", "--name", "Root", "--password-stdin"]
    made = app.test_cli_runner().invoke(args=arguments, input="seven grey herons wait\n")
    assert made.exit_code == 0, made.output
    assert confirmed_at("root@example.org") == NOW
    assert make_participant("Efua", user=make_user()).user_id == database.scalar(
        select(User.id).where(User.email_confirmed_at.is_(None))
    )


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /confirm-address/MQ.aB-c.d_ef1234 HTTP", "GET /confirm-address/… HTTP"),
        ("GET /sign-in?next=/confirm-address/MQ.aB-c.d_ef1234", "GET /sign-in?next=/confirm-address/…"),
        ('"http://x/sign-in?next=%2Fconfirm-address%2FMQ.aB-c.d12"', '"http://x/sign-in?next=%2Fconfirm-address%2F…"'),
        ("GET /journeys/a/invitation?code=7KQM-2HXA HTTP", "GET /journeys/a/invitation?code=… HTTP"),
        ("GET /sign-in?next=/journeys/a/?code%3D7KQM", "GET /sign-in?next=/journeys/a/?code%3D…"),
        ("GET /calendar/k3v9k3v9.ics", "GET /calendar/….ics"),
    ],
)  # fmt: skip
def test_secret_ends_of_addresses_are_not_logged(said, kept):
    assert redact(said) == kept
    record = logging.LogRecord("werkzeug", logging.INFO, "", 1, "%s", (said,), None)
    for one in logging.getLogger("werkzeug").filters:
        one.filter(record)
    assert record.getMessage() == kept
