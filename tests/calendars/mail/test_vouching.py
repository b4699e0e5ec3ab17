"""Authentication-Results: what is believed of them, and everything that is not (RFC 8601)."""

import pytest

from app.calendars.vouching import is_vouched

OURS = "mx.meridian.example"


def believed(header, sender="pat@example.org", trusted=OURS):
    return is_vouched(header, trusted, sender)


@pytest.mark.parametrize(
    "said",
    [
        "dmarc=pass header.from=example.org",
        "dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=Example.ORG",
        "spf=fail smtp.mailfrom=bounce.example.net; dmarc=pass header.from=example.org",
        "dmarc = pass header.from = example.org",
        'dmarc/1=pass reason="it is; so" header.from=example.org',
        'dkim=pass header.d=example.org header.s=k1 header.b="aB/c+D=="',
        "dkim=fail header.d=example.net; dkim=pass (2048-bit key; unprotected) header.d=example.org",
        "dkim=pass header.d=example.org; dmarc=none header.from=example.org",
        "dkim=pass header.d=mail.example.org",
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=pat@example.org",
        "spf=pass smtp.mailfrom=bounces.example.org smtp.helo=out.example.net",
        "none; dmarc=pass header.from=example.org",
    ],
)
def test_what_the_own_server_says_is_believed(said):
    assert believed(f"{OURS}; {said}")
    assert believed(f"MX.Meridian.Example 1 ;\t{said}")
    assert not believed(f"mx.elsewhere.example; {said}")


@pytest.mark.parametrize(
    "said",
    [
        "none",
        "dmarc=fail header.from=example.org",
        "dmarc=pass header.from=example.net",
        "dmarc=pass header.from=sub.example.org",
        "dmarc=pass",
        "dmarc=pass policy.from=example.org",
        "dmarc=pass(a)header.from=example.org",
        "dmarc=fail header.from=example.org; dkim=pass header.d=example.org",
        "dmarc=pass header.from=example.org; dmarc=fail header.from=example.org",
        "dmarc=pass header.from=example.org; dmarc=pass header.from=example.org",
        "dmarc=pass header.from=example.net header.from=example.org",
        "dkim=pass header.i=@example.org",
        "dkim=pass header.d=notexample.org",
        "dkim=pass header.d=org",
        "dkim=policy header.d=example.org",
        "spf=pass smtp.mailfrom=",
        "spf=pass smtp.helo=example.org",
        "spf=softfail smtp.mailfrom=pat@example.org",
        "spf=pass smtp.mailfrom=\"x; dmarc=pass header.from=example.org\"@evil.example",
        "spf=pass smtp.mailfrom=evil.example (; dmarc=pass header.from=example.org",
        "spf=pass smtp.mailfrom=evil.example (a (b) ; dmarc=pass header.from=example.org)",
        "auth=pass smtp.auth=pat@example.org",
        "arc=pass header.from=example.org",
        "=pass header.from=example.org",
        "\"dmarc=pass header.from=example.org",
        "x" * 9000,
    ],
)  # fmt: skip
def test_what_it_does_not_say_is_not(said):
    assert not believed(f"{OURS}; {said}")


@pytest.mark.parametrize(
    "name", ["", f"{OURS} 2", f"{OURS} x", f"({OURS})", f"x {OURS}", ";", f"{OURS}.", "\x00"]
)
def test_another_name_is_not_ours(name):
    assert not believed(f"{name}; dmarc=pass header.from=example.org")


def test_nobody_is_believed_where_no_server_is_named_or_there_is_no_sender():
    said = "; dmarc=pass header.from=example.org"
    assert not believed(said, trusted="")
    assert not believed(f"{OURS}{said}", sender="")
    assert not believed(f"{OURS}; dmarc=pass header.from=", sender="pat@")
