"""Signing up, a forgotten password and an address that waits: their pages, and the letters to them."""

from datetime import UTC, datetime

from app.accounts import letters, queries, resetting
from app.database import db
from app.messages.kinds import kinds
from tests.mailbox import letters as written
from tests.mailbox import text_of
from tests.people import browser_of, una

TYPED = {
    "name": "Efua Mensah", "email": "efua@example.org", "password": "seven grey herons wait", "country": "GH",
    "zone": "country", "works_from": "08:30", "works_until": "17:00",
}  # fmt: skip


def visit(app, people, offering_id):
    key = app.config["SECRET_KEY"]
    user = queries.by_id(una().user_id)
    dead = f"/new-password/{resetting.token_for(user, key)[:-1]}"
    link, waiting = f"/new-password/{resetting.token_for(user, key)}", user.id
    stranger, mine = browser_of(app), browser_of(app, user)
    assert stranger.submit("/sign-up", TYPED).status_code == 303
    assert stranger.submit("/forgotten-password", {"email": "efua@example.org"}).status_code == 303
    for path, status in (
        ("/sign-up/sent", 200), ("/forgotten-password/sent", 200), (link, 200), (dead, 404),
    ):  # fmt: skip
        assert stranger.get(path).status_code == status, path
    for path in ("/me/", "/me/profile", "/me/confirm-address"):
        assert mine.get(path).status_code == 200, path
    taken = mine.submit(f"/offerings/{offering_id}/places", {"way": "online"}, page="/me/profile")
    assert taken.status_code == 403
    write(app, waiting)


def write(app, waiting):
    """Every letter about an account."""
    user = queries.by_id(waiting)
    resetting.ask(user, datetime.now(UTC))
    letters.send(letters.HAS_ACCOUNT, user, datetime.now(UTC))
    letters.send(letters.PASSWORD_CHANGED, user, datetime.now(UTC), at=datetime.now(UTC).isoformat())
    db.commit()
    for kind in (
        letters.CONFIRM_ADDRESS,
        letters.HAS_ACCOUNT,
        letters.PASSWORD_RESET,
        letters.PASSWORD_CHANGED,
    ):
        assert kinds[kind].choice is None
        assert text_of(app, written(kind)[-1])
