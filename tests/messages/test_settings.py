"""MAIL_URL and MAIL_FROM as the start reads them."""

import pytest

from app.config import ConfigError, from_environment

KEY = {"SECRET_KEY": "x" * 40}


@pytest.mark.parametrize(
    "wrong",
    [
        {"MAIL_URL": "smtp://user:secret@host?tls=none", "MAIL_FROM": "m@site.internal"},
        {"MAIL_URL": "pop3://host"},
        {"MAIL_URL": "smtp://mail.example.org"},  # with the sender of examples
        {"MAIL_FROM": "Meridian"},
        {"MAIL_FROM": "M <m@site.internal>\nBcc: all@site.internal"},
    ],
)
def test_what_is_wrong_stops_the_start_with_one_line(wrong):
    with pytest.raises(ConfigError, match=r"^MAIL_(URL|FROM) must [^\n]+\.$") as stopped:
        from_environment(KEY | wrong)
    assert "secret" not in str(stopped.value)


def test_a_mail_server_with_a_sender_of_ones_own():
    url = "smtps://user:secret@mail.site.internal"
    read = from_environment(KEY | {"MAIL_URL": url, "MAIL_FROM": "Meridian <m@site.internal>"})
    assert (read.mail_url, read.mail_from) == (url, "Meridian <m@site.internal>")
    assert "secret" not in repr(read)
