import logging
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select

from app.accounts import operations, queries
from app.accounts.addresses import link_of, token_for
from app.accounts.models import Attempt, User
from app.accounts.passwords import hash_password
from app.messages.composed import NoLongerNeeded
from app.messages.kinds import kinds
from app.web.logs import redact
from tests.factories import NOW, PASSWORD, make_participant, make_user
from tests.mailbox import letters, path_in
from tests.page import Page
from tests.people import browser_of, pat

KIND = "confirm-address"


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def unconfirmed(**facts):
    return make_user(is_confirmed=False, **facts)


def token_on(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)


def confirmed_at(email="efua@example.org"):
    return queries.by_email(email).email_confirmed_at


def test_the_signed_in_confirm_with_one_press(app, database):
    browser = browser_of(app, unconfirmed())
    profile = Page(browser.get("/me/profile"))
    assert "efua@example.org is not confirmed yet" in profile.text
    assert "Send the letter again" in profile.buttons
    browser.submit("/me/confirm-address", page="/me/profile")
    link = path_in(app, KIND, KIND)

    shown = browser.get(link)
    assert Page(shown).buttons[-1] == "Confirm efua@example.org"
    assert confirmed_at() is None, "reading a page writes nothing"
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Referrer-Policy"] == "no-referrer"

    done = browser.submit(link, follow_redirects=True)
    assert Page(done).notices[0] == "efua@example.org is confirmed."
    assert confirmed_at() == NOW
    again = Page(browser.get(link, follow_redirects=True))
    assert (again.title, again.notices) == ("Your profile", ["efua@example.org is confirmed."])
    assert "Send the letter again" not in again.buttons


def test_the_letter_brings_back_to_where_one_asked_for_it(app, database):
    browser = browser_of(app, unconfirmed())
    page = "/me/confirm-address?next=/journeys/%3Fq%3Dcare"
    asked = browser.submit("/me/confirm-address", {"next": "/journeys/?q=care"}, page=page)
    assert asked.location == "/journeys/?q=care"
    assert browser.submit(path_in(app, KIND, KIND)).location == "/journeys/?q=care"


@pytest.mark.parametrize(
    "elsewhere", ["//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example"]
)
def test_the_letter_leads_nowhere_else(app, database, elsewhere):
    browser = browser_of(app, unconfirmed())
    assert browser.submit("/me/confirm-address", {"next": elsewhere}).location == "/me/profile#address"
    link = path_in(app, KIND, KIND)
    assert "next=" not in link
    done = browser.post(f"{link}?next={elsewhere}", data={"csrf_token": token_on(browser.get(link))})
    assert done.location == "/me/profile#address"


def test_only_the_account_itself_follows_the_link(app, database):
    """Who never made the account cannot be tricked into confirming it for somebody else."""
    efua, other = unconfirmed(), pat()
    link = f"/confirm-address/{token_for(efua, app.config['SECRET_KEY'])}"
    for path in (link, "/confirm-address/nothing", f"{link}?next=/journeys/"):
        stranger = browser_of(app).get(path)
        assert stranger.status_code == 303
        assert unquote(stranger.location) == f"/sign-in?next={path}"
    answer = browser_of(app, other).get(link)
    assert answer.status_code == 403
    assert Page(answer).title == "This link is for another account"
    assert confirmed_at() is None

    browser = browser_of(app)
    browser.submit(f"/sign-in?next={link}", {"email": "efua@example.org", "password": PASSWORD, "next": link})
    assert Page(browser.get(link)).title == "Confirm your address"


def test_an_old_changed_or_invented_link_says_what_to_do(app, database, time_machine):
    efua = unconfirmed()
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
    efua = unconfirmed()
    key = app.config["SECRET_KEY"]
    token = token_for(efua, key)
    assert link_of(token, key).user is efua
    assert link_of(token, "another key of the site") is None
    efua.email_folded = "another@example.org"
    assert link_of(token, key) is None
    token = token_for(efua, key)
    operations.change_password(efua, hash_password("seven grey herons wait"))
    assert link_of(token, key) is None


def test_letters_are_written_a_few_times_an_hour(app, database):
    efua = unconfirmed()
    browser = browser_of(app, efua)
    for _ in range(3):
        sent = browser.submit("/me/confirm-address", page="/me/profile", follow_redirects=True)
        assert Page(sent).notices[0].startswith("We are writing to efua@example.org")
    refused = browser.submit("/me/confirm-address", page="/me/profile")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "too many attempts" in Page(refused).text
    assert len(letters(KIND)) == 3
    assert database.scalar(select(func.count()).select_from(Attempt).filter_by(kind="confirmation")) == 3


def test_a_letter_for_a_confirmed_address_is_not_sent(app, database):
    efua = unconfirmed()
    browser = browser_of(app, efua)
    browser.submit("/me/confirm-address", page="/me/profile")
    efua = queries.by_email("efua@example.org")
    efua.email_confirmed_at = NOW
    database.commit()
    browser.submit("/me/confirm-address", page="/me/calendar")
    assert len(letters(KIND)) == 1
    with app.app_context(), pytest.raises(NoLongerNeeded):
        kinds["confirm-address"].composer({"user_id": efua.id})


def test_a_form_without_its_token_comes_back(app, database):
    efua = unconfirmed()
    browser = browser_of(app, efua)
    assert browser.post("/me/confirm-address").status_code == 422
    link = f"/confirm-address/{token_for(queries.by_email('efua@example.org'), app.config['SECRET_KEY'])}"
    assert browser.post(link).status_code == 422
    assert confirmed_at() is None
    assert letters(KIND) == []


def test_a_press_without_a_visit_is_sent_to_sign_in_and_one_without_its_token_comes_back(app, database):
    link = f"/confirm-address/{token_for(unconfirmed(), app.config['SECRET_KEY'])}"
    for first in ("/sign-in", "/sign-up"):
        stranger = browser_of(app)
        pressed = stranger.submit(link, page=first)
        assert (pressed.status_code, unquote(pressed.location)) == (303, f"/sign-in?next={link}")
        assert stranger.post(link).status_code == 422
    confirmed = browser_of(app, pat())
    link = f"/confirm-address/{token_for(queries.by_email('pat@example.org'), app.config['SECRET_KEY'])}"
    assert confirmed.post(link).status_code == 422
    assert confirmed_at() is None


def test_following_links_is_slowed_down(app, database):
    efua = unconfirmed()
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
    assert make_participant("Efua", user=unconfirmed()).user_id == database.scalar(
        select(User.id).where(User.email_confirmed_at.is_(None))
    )


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("app")  # which sets the filter up
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /confirm-address/MQ.aB-c.d_ef1234 HTTP", "GET /confirm-address/… HTTP"),
        ("GET /sign-in?next=/confirm-address/MQ.aB-c.d_ef1234", "GET /sign-in?next=/confirm-address/…"),
        ('"http://x/sign-in?next=%2Fconfirm-address%2FMQ.aB-c.d12"', '"http://x/sign-in?next=%2Fconfirm-address%2F…"'),
        ("GET /journeys/a/invitation?code=7KQM-2HXA HTTP", "GET /journeys/a/invitation?code=… HTTP"),
        ("GET /sign-in?next=/journeys/a/?code%3D7KQM", "GET /sign-in?next=/journeys/a/?code%3D…"),
        ("GET /new-password/WzEsI.aB-c.d_ef1234 HTTP", "GET /new-password/… HTTP"),
        ("/a?next=%2Fx%3Fa%3D%252Fjoin-group%252FMQ.aB-c.d12", "/a?next=%2Fx%3Fa%3D%252Fjoin-group%252F…"),
        ("/a?next=%2Fx%3Fa%3D%252Fy%253Fcode%253D7KQM", "/a?next=%2Fx%3Fa%3D%252Fy%253Fcode%253D…"),
        ("GET /calendar/k3v9k3v9.ics", "GET /calendar/….ics"),
    ],
)  # fmt: skip
def test_secret_ends_of_addresses_are_not_logged(said, kept):
    assert redact(said) == kept
    record = logging.LogRecord("werkzeug", logging.INFO, "", 1, "%s", (said,), None)
    for one in logging.getLogger("werkzeug").filters:
        one.filter(record)
    assert record.getMessage() == kept
