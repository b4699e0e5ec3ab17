import pytest
from sqlalchemy import select

from app.accounts import passwords
from app.accounts.models import User
from app.database import db
from tests.factories import make_user

WORDS = "three brown goats dance\n"


@pytest.fixture
def run(app, database):
    runner = app.test_cli_runner()

    def invoke(*arguments, typed=""):
        db.commit()
        return runner.invoke(args=["user", *arguments], input=typed)

    return invoke


def test_the_first_administrator(run):
    done = run(
        "create", "root@example.org", "--name", "Root", "--administrator", "--password-stdin", typed=WORDS
    )
    assert (done.exit_code, done.output) == (0, "root@example.org can sign in and administers this site.\n")
    made = db.scalar(select(User))
    assert (made.name, made.email, made.is_administrator) == ("Root", "root@example.org", True)
    assert passwords.agrees(made.password_hash, "three brown goats dance")


def test_asking_for_the_password_twice(run):
    done = run("create", "ada@example.org", "--name", "Ada", typed=WORDS * 2)
    assert done.exit_code == 0
    assert "three brown" not in done.output
    assert not db.scalar(select(User)).is_administrator


def test_an_organiser_may_start_journeys_and_nothing_more(run):
    done = run("create", "ada@example.org", "--name", "Ada", "--organiser", "--password-stdin", typed=WORDS)
    assert (done.exit_code, done.output) == (0, "ada@example.org can sign in and start journeys.\n")
    made = db.scalar(select(User))
    assert (made.is_organiser, made.is_administrator) == (True, False)


def test_an_account_becomes_an_organiser_s(run):
    make_user()
    for _ in range(2):
        done = run("promote", "Efua@example.org", "--organiser")
        assert (done.exit_code, done.output) == (0, "efua@example.org can start journeys.\n")
    found = db.scalar(select(User))
    assert (found.is_organiser, found.is_administrator) == (True, False)


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("create", "nonsense", "--name", "Ada", "--password-stdin"), WORDS, "'nonsense' is not an e-mail"),
        (("create", "ada@example.org", "--name", " ", "--password-stdin"), WORDS, "Give a name."),
        (("create", "ada@example.org", "--name", "Ada", "--password-stdin"), "short\n", "at least 12 char"),
        (("create", "EFUA@example.org", "--name", "E", "--password-stdin"), WORDS, "has an account already"),
        (("promote", "ada@example.org"), "", "ada@example.org has no account"),
        (("promote", "ada@example.org", "--organiser"), "", "ada@example.org has no account"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(run, arguments, typed, said):
    make_user()
    done = run(*arguments, typed=typed)
    assert done.exit_code == 1
    assert said in done.output
    assert done.output.startswith("Error: ")
    assert done.output.count("\n") == 1


def test_promoting_twice_is_once(run):
    make_user()
    for _ in range(2):
        done = run("promote", "Efua@example.org")
        assert (done.exit_code, done.output) == (0, "efua@example.org administers this site.\n")
    assert db.scalar(select(User)).is_administrator
