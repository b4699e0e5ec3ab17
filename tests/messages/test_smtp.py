"""What leaves by a mail server: one connection, the envelope, and whose fault a refusal is."""

import logging
import socket
import ssl
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread

import aiosmtpd
import pytest

from app.domain.mail_server import Encryption, mail_server
from app.messages import smtp, waiting
from app.messages.smtp import Smtp
from app.messages.transports import NotDelivered, Refused, Unreachable, Withheld
from tests.messages.mail_server import Fault, MailServer

SENDER = "Meridian <meridian@site.internal>"
CERTIFICATES = Path(aiosmtpd.__file__).parent / "tests" / "certs"


def mail(text="Good to see you.\n", number=1) -> EmailMessage:
    made = EmailMessage(policy=policy.SMTP)
    made["From"], made["To"], made["Subject"] = SENDER, "pat@people.internal", "Welcome"
    made["Message-ID"] = f"<{number}@meridian.invalid>"
    made.set_content(text)
    return made


def always(stage, **fault):
    return lambda at, _address, _content: Fault(**fault) if at == stage else None


@pytest.fixture
def sending():
    """Makes a way to a server, closed at the end."""
    made = []

    def make(server, url="", context=None):
        made.append(Smtp(mail_server(url or server.url), SENDER, context))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_messages_share_one_connection(sending):
    with MailServer() as server:
        way = sending(server)
        for number in range(5):
            way.send(mail(number=number), "pat@people.internal")
    assert server.connections == 1
    first = server.taken[0]
    assert (first.from_address, first.to_address) == ("meridian@site.internal", "pat@people.internal")
    assert first.content == mail(number=0).as_bytes()
    assert first.options == (f"SIZE={len(first.content) + 3}",)


def test_lines_of_dots_and_lone_line_ends_end_no_message(sending):
    text = "First\n.\nMAIL FROM:<mallory@people.internal>\n..two\n"
    with MailServer() as server:
        odd = mail(text)
        odd.set_payload(odd.get_payload() + "lone\r.\rends\n.\nhere\n")
        sending(server).send(odd, "pat@people.internal")
    (taken,) = server.taken
    lines = taken.content.split(b"\r\n")
    assert lines[-10:] == [b"First", b".", b"MAIL FROM:<mallory@people.internal>", b"..two", b"lone", b".",
                           b"ends", b".", b"here", b""]  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "answer", "is_of_address"),
    [
        ("RCPT", "550 5.1.1 No such mailbox", True),
        ("RCPT", "550 No such user here", True),
        ("RCPT", "551 User not local", True),
        ("RCPT", "553 5.0.0 Mailbox name not allowed", True),
        ("RCPT", "556 5.1.10 Takes no mail", True),
        ("RCPT", "550 5.2.1 Mailbox disabled", True),
        ("RCPT", "552 5.2.2 Mailbox full", False),
        ("RCPT", "550 5.7.1 Not welcome", False),
        ("RCPT", "550 5.1.1 User unknown in relay recipient table", True),
        ("RCPT", "550 Recipient address rejected: User unknown in relay recipient table", True),
        ("RCPT", "550 5.1.1 No such mailbox here; relaying denied", True),
        ("RCPT", "554 Transaction failed", False),
        ("RCPT", "501 Syntax error", False),
        ("DATA", "554 5.6.0 Content refused", False),
        ("DATA", "550 5.7.1 Looks like spam", False),
        ("DATA", "550 5.1.1 No such mailbox", False),
        ("MAIL", "552 5.3.4 Too big", False),
    ],
)
def test_a_permanent_refusal_says_whose_it_is(sending, stage, answer, is_of_address):
    decided = [Fault(answer)]
    with MailServer(lambda at, *_: decided.pop() if at == stage and decided else None) as server:
        way = sending(server)
        with pytest.raises(Refused) as refused:
            way.send(mail(), "pat@people.internal")
        way.send(mail(), "pat@people.internal")
    assert (refused.value.code, str(refused.value)) == (int(answer[:3]), answer[4:])
    assert refused.value.is_of_address is is_of_address
    assert (len(server.taken), server.connections) == (1, 1)


@pytest.mark.parametrize(
    "answer",
    [
        "550 relay not permitted",
        "554 5.7.1 <pat@people.internal>: Relay access denied",
        "454 4.7.1 Relay access denied",
        "550 5.7.1 Unable to relay",
        "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
        "551 we do not relay",
        "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        "550 5.7.1 Relaying denied. Proper authentication required.",
        "553 5.7.1 Authentication is required to send mail",
    ],
)
def test_that_mail_of_ours_is_not_passed_on_is_not_said_of_the_address(sending, answer):
    decided = [Fault(answer)]
    with MailServer(lambda at, *_: decided.pop() if at == "RCPT" and decided else None) as server:
        way = sending(server)
        with pytest.raises(Unreachable) as trouble:
            way.send(mail(), "pat@people.internal")
        way.send(mail(), "pat@people.internal")
    assert (trouble.value.code, trouble.value.may_be_of_reader) == (int(answer[:3]), True)
    assert str(trouble.value) == f"it passes on no mail of ours to a reader: {answer}"
    assert (len(server.taken), server.connections) == (1, 1)


def test_a_sender_that_is_refused_for_one_reader_alone_refuses_the_message(sending):
    decided = [Fault("555 5.5.4 Unsupported option")]
    with MailServer(lambda at, *_: decided.pop() if at == "MAIL" and decided else None) as server:
        way = sending(server)
        with pytest.raises(Refused) as refused:
            way.send(mail(), "phượng@people.internal")
        assert (refused.value.code, str(refused.value)) == (555, "5.5.4 Unsupported option")
        assert refused.value.is_of_address is False
        way.send(mail(), "pat@people.internal")
    assert (len(server.taken), server.connections) == (1, 1)


@pytest.mark.parametrize(
    ("second", "raised"), [("550 5.1.8 Sender unknown", Unreachable), ("451 4.3.0 Later", NotDelivered)]
)
def test_a_sender_that_is_refused_all_the_same_refuses_no_message(sending, second, raised):
    decided = [Fault(second), Fault("550 5.1.8 Sender unknown")]
    with MailServer(lambda at, *_: decided.pop() if at == "MAIL" and decided else None) as server:
        way = sending(server)
        with pytest.raises(NotDelivered) as failed:
            way.send(mail(), "phượng@people.internal")
        assert type(failed.value) is raised
        way.send(mail(), "phượng@people.internal")
    assert (len(server.taken), server.connections) == (1, 1)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["450 4.2.0 Later", "451 Later", "421 4.3.2 Closing"])
def test_a_temporary_refusal_is_tried_again(sending, stage, answer):
    decided = [Fault(answer)]
    with MailServer(lambda at, *_: decided.pop() if at == stage and decided else None) as server:
        way = sending(server)
        with pytest.raises(NotDelivered) as failed:
            way.send(mail(), "pat@people.internal")
        assert type(failed.value) is NotDelivered
        assert failed.value.code == int(answer[:3])
        way.send(mail(), "pat@people.internal")
    assert (len(server.taken), server.connections) == (1, 2 if "421" in answer else 1)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_dropped_connection_is_tried_again_over_another(sending, stage):
    decided = [Fault(drops=True)]
    with MailServer(lambda at, *_: decided.pop() if at == stage and decided else None) as server:
        way = sending(server)
        with pytest.raises(NotDelivered) as failed:
            way.send(mail(), "pat@people.internal")
        assert (type(failed.value), failed.value.code) == (NotDelivered, None)
        way.send(mail(), "pat@people.internal")
    assert (len(server.taken), server.connections) == (1, 2)


def test_no_answer_in_time_is_tried_again(sending, monkeypatch):
    monkeypatch.setattr(smtp, "END_OF_DATA_SECONDS", 0.1)
    with MailServer(always("DATA", wait=5)) as server, pytest.raises(NotDelivered, match="no answer in time"):
        sending(server).send(mail(), "pat@people.internal")


def test_an_answer_that_drips_in_is_not_waited_for_longer(sending, monkeypatch):
    monkeypatch.setattr(smtp, "END_OF_DATA_SECONDS", 0.2)
    with MailServer(always("DATA", drips=2.0)) as server:
        way, began = sending(server), time.monotonic()
        with pytest.raises(NotDelivered, match="no answer in time"):
            way.send(mail(), "pat@people.internal")
        assert time.monotonic() - began < 1.0


def test_what_takes_too_long_to_begin_is_not_handed_over(sending):
    waiting = [Fault(wait=0.3)]
    with MailServer(lambda at, *_: waiting.pop() if at == "RCPT" and waiting else None) as server:
        way = sending(server)
        with pytest.raises(NotDelivered, match="no answer in time") as failed:
            way.send(mail(), "pat@people.internal", time.monotonic() + 0.2)
        assert type(failed.value) is NotDelivered
        assert server.taken == []
        way.send(mail(), "pat@people.internal", time.monotonic() + 10)
    assert (len(server.taken), server.connections) == (1, 2)


def test_a_server_that_reads_too_slowly_is_not_waited_for():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reading = Thread(target=_sip, args=(theirs,))
        reading.start()
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            waiting.hand_all(ours, b"x" * 10_000_000, 0.3)
        assert time.monotonic() - began < 1.0
        ours.close()
        reading.join(10)


def _sip(line: socket.socket) -> None:
    """Read a little at a time, until the other side has gone."""
    while line.recv(20_000):
        time.sleep(0.02)


def test_a_connection_that_was_closed_while_it_rested_costs_no_try(sending, monkeypatch):
    with MailServer() as server:
        way = sending(server)
        way.send(mail(number=1), "pat@people.internal")
        server.cut()
        way.send(mail(number=2), "pat@people.internal")
        monkeypatch.setattr(smtp, "ASK_AFTER_SECONDS", 0.0)
        way.send(mail(number=3), "pat@people.internal")
        assert server.commands == ["NOOP"]
        server.cut()
        way.send(mail(number=4), "pat@people.internal")
    assert (len(server.taken), server.connections) == (4, 3)


def test_a_connection_carries_so_many_and_is_closed_when_nobody_needs_it(sending, monkeypatch):
    monkeypatch.setattr(smtp, "MOST_PER_CONNECTION", 2)
    with MailServer() as server:
        way = sending(server)
        for number in range(5):
            way.send(mail(number=number), "pat@people.internal")
        assert [one.connection for one in server.taken] == [1, 1, 2, 2, 3]
        way.rest()
        assert server.commands == ["QUIT", "QUIT"]
        monkeypatch.setattr(smtp, "REST_SECONDS", -1.0)
        way.rest()
        way.rest()
        assert server.commands == ["QUIT", "QUIT", "QUIT"]


def test_what_is_not_the_messages_fault_is_said_to_be_the_servers(sending):
    refusing, told = (
        always("MAIL", answer="550 5.1.8 Sender unknown"),
        r"our sender meridian@site\.internal: 550",
    )
    with MailServer(refusing) as server, pytest.raises(Unreachable, match=told):
        sending(server).send(mail(), "pat@people.internal")
    with pytest.raises(Unreachable, match=r"the mail server 127\.0\.0\.1 port \d+ does not take mail"):
        sending(server).send(mail(), "pat@people.internal")  # nobody listens any more


def test_addresses_beyond_ascii(sending):
    with MailServer() as server:
        way = sending(server)
        way.send(mail(), "pat@bücher.internal")
        way.send(mail(), "phượng@people.internal")
    plain, wide = server.taken
    assert plain.to_address == "pat@xn--bcher-kva.internal"
    assert "SMTPUTF8" not in plain.options
    assert wide.to_address == "phượng@people.internal"
    assert "SMTPUTF8" in wide.options
    with MailServer(options={"enable_SMTPUTF8": False}) as old, pytest.raises(Refused) as refused:
        sending(old).send(mail(), "phượng@people.internal")
    assert refused.value.is_of_address is False


@pytest.mark.parametrize(
    "address",
    [
        "pat@people.internal>\r\nDATA",
        "a b@people.internal",
        "@people.internal",
        "x@" + "a" * 70 + ".internal",
    ],
)
def test_what_is_no_address_reaches_no_server(sending, address):
    with MailServer() as server, pytest.raises(Refused) as refused:
        sending(server).send(mail(), address)
    assert (refused.value.is_of_address, server.connections) == (True, 0)


@pytest.mark.parametrize(
    "address",
    ["pat@example.org", "pat@mail.example.com", "pat@EXAMPLE.net.", "pat@a.test", "pat@x.invalid",
     "pat@localhost", "pat@example.de", "pat@some.example"],
)  # fmt: skip
def test_reserved_addresses_never_reach_a_server(sending, address):
    with MailServer() as server, pytest.raises(Withheld):
        sending(server).send(mail(), address)
    assert server.connections == 0


def trusting(**changes) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(CERTIFICATES / "server.crt"))
    context.check_hostname = False
    return context


def keeping() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.crt", CERTIFICATES / "server.key")
    return context


def logged_in(server, login="meridian:open%20sesame"):
    return f"smtp://{login}@127.0.0.1:{server.port}"


def guarded() -> MailServer:
    """A server that lets nobody send who has not logged in over TLS."""
    server = MailServer()
    server.options = {
        "tls_context": keeping(), "auth_required": True, "require_starttls": True,
        "authenticator": server.authenticate,
    }  # fmt: skip
    return server


def test_starttls_and_login(sending):
    with guarded() as server:
        sending(server, logged_in(server), trusting()).send(mail(), "pat@people.internal")
    assert server.logins == [("meridian", "open sesame")]
    assert len(server.taken) == 1


def test_tls_from_the_beginning(sending):
    with MailServer(over_tls=keeping()) as server:
        url = f"smtps://127.0.0.1:{server.port}"
        sending(server, url, trusting()).send(mail(), "pat@people.internal")
    assert len(server.taken) == 1


def test_a_certificate_nobody_vouches_for_is_refused(sending):
    with guarded() as server, pytest.raises(Unreachable, match="certificate verify failed"):
        sending(server, logged_in(server)).send(mail(), "pat@people.internal")
    context = trusting()
    context.check_hostname = True
    with guarded() as server, pytest.raises(Unreachable, match=r"not valid for '127\.0\.0\.1'"):
        sending(server, logged_in(server), context).send(mail(), "pat@people.internal")
    assert server.logins == []


def test_a_server_without_starttls_gets_no_password(sending):
    with MailServer() as server, pytest.raises(Unreachable, match="STARTTLS"):
        sending(server, logged_in(server)).send(mail(), "pat@people.internal")
    assert server.logins == []


def test_a_refused_login_is_told_without_the_password(sending, caplog):
    caplog.set_level(logging.DEBUG, "app")
    with guarded() as server, pytest.raises(Unreachable, match="535") as refused:
        sending(server, logged_in(server, "meridian:hunter2secret"), trusting()).open()
    assert "hunter2" not in str(refused.value) + repr(refused.value) + caplog.text
    assert refused.value.code == 535


def test_trying_says_what_the_server_calls_itself(sending):
    with MailServer() as server:
        assert sending(server).open() == "mail.internal"


def test_a_slow_machine_is_waited_for(sending):
    began = time.monotonic()
    with MailServer(always("RCPT", wait=0.2)) as server:
        sending(server).send(mail(), "pat@people.internal")
    assert len(server.taken) == 1
    assert time.monotonic() - began >= 0.2


def test_the_message_arrives_as_it_was_written(sending):
    words = mail("Ḥajj — Đặng\n" + "x" * 3000 + "\n")
    with MailServer() as server:
        sending(server).send(words, "pat@people.internal")
    read = message_from_bytes(server.taken[0].content, policy=policy.default)
    assert read.get_content().split() == ["Ḥajj", "—", "Đặng", "x" * 3000]
    assert max(map(len, server.taken[0].content.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    ("url", "host", "port", "encryption"),
    [
        ("smtp://mail.example.org", "mail.example.org", 587, Encryption.STARTTLS),
        ("smtp://mail.example.org:25?tls=none", "mail.example.org", 25, Encryption.NONE),
        ("smtp://localhost", "localhost", 587, Encryption.NONE),
        ("smtp://a:b@localhost:2525/", "localhost", 2525, Encryption.STARTTLS),
        ("smtp://[::1]:25?tls=starttls", "::1", 25, Encryption.STARTTLS),
        ("smtps://a:b@mail.example.org", "mail.example.org", 465, Encryption.TLS),
    ],
)
def test_what_an_address_of_a_server_says(url, host, port, encryption):
    read = mail_server(url)
    assert (read.host, read.port, read.encryption) == (host, port, encryption)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("smtp://", "must be an address such as"),
        ("smtp://host:0", "must be an address such as"),
        ("smtp://host:99999", "must be an address such as"),
        ("smtp://host/folder", "must be an address such as"),
        ("smtp://host?tls=starttls&x=1", "must be an address such as"),
        ("smtp://user@host", "both user and password"),
        ("smtp://:secret@host", "both user and password"),
        ("smtp://user:secret@host?tls=none", "must not say tls=none"),
        ("smtp://user:secret@localhost?tls=none", "must not say tls=none"),
        ("smtp://host?tls=maybe", "tls=starttls or tls=none"),
        ("smtps://host?tls=none", "TLS from the beginning"),
        ("smtp://user:sec ret@host", "must be an address such as"),
    ],
)
def test_a_wrong_address_of_a_server_is_refused_with_a_sentence(url, said):
    with pytest.raises(ValueError, match=f"^MAIL_URL .*{said}") as wrong:
        mail_server(url)
    assert "sec" not in str(wrong.value)


def test_login_and_password_may_hold_any_sign():
    server = mail_server("smtp://me%40example.org:a%2Fb%3Ac%40@mail.example.org")
    assert (server.username, server.password) == ("me@example.org", "a/b:c@")
    assert "a/b" not in repr(server) + str(server)
