"""The settings of answers: what is taken, what stops the start, and what `flask check` says of them."""

import pytest

from app.config import ConfigError, from_environment

KEY = {"SECRET_KEY": "a fixed key for the tests, of more than 32 characters"}


def test_nothing_is_asked_for_unless_it_is_set():
    plain = from_environment(KEY | {"REPLY_TO": " ", "TRUSTED_AUTHSERV": ""})
    assert (plain.reply_to, plain.trusted_authserv) == ("", "")


def test_an_address_and_the_name_of_a_server_are_taken():
    told = {"REPLY_TO": " replies@meridian.example ", "TRUSTED_AUTHSERV": "mx.meridian.example"}
    made = from_environment(KEY | told)
    assert (made.reply_to, made.trusted_authserv) == ("replies@meridian.example", "mx.meridian.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REPLY_TO", "replies"),
        ("REPLY_TO", "replies+x@example.org"),
        ("REPLY_TO", "Replies <replies@example.org>"),
        ("REPLY_TO", "r\u00e9plies@example.org"),
        ("REPLY_TO", "a b@example.org"),
        ("REPLY_TO", f"{'r' * 30}@example.org"),
        ("TRUSTED_AUTHSERV", "mx.example.org; dmarc=pass"),
        ("TRUSTED_AUTHSERV", "two names"),
    ],
)
def test_what_cannot_be_stops_the_start_and_names_the_variable(name, value):
    with pytest.raises(ConfigError, match=name):
        from_environment(KEY | {name: value})


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        (False, "Answers to invitations: none are asked for (REPLY_TO is empty)."),
        (True, "Answers to invitations: taken at replies+…@meridian.example, senders vouched for by "
               "mx.meridian.example."),
    ],
)  # fmt: skip
def test_the_check_says_where_answers_are_taken(app, database, asking, monkeypatch, asks, said):
    if asks:
        monkeypatch.setitem(app.config, "SETTINGS", asking)
    assert said in app.test_cli_runner().invoke(args=["check"]).output.splitlines()
