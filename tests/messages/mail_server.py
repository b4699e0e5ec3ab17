"""A real mail server on this machine for the tests: it keeps what it takes, and fails as it is told to."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult


@dataclass(frozen=True)
class Fault:
    """What happens instead of a plain yes."""

    answer: str = ""
    """Said instead, or, where `takes`, never heard."""
    wait: float = 0.0
    """Seconds before it."""
    drops: bool = False
    """The connection is cut instead of an answer."""
    drips: float = 0.0
    """Seconds for which one line after the other of an answer comes that goes on."""
    takes: bool = False
    """The message is accepted before: the client cannot know."""


Decide = Callable[[str, str, bytes], Fault | None]
"""Given the stage (MAIL, RCPT, DATA), the address it is about, and for DATA the message."""


@dataclass
class Taken:
    """A message the server has accepted."""

    to_address: str
    from_address: str
    content: bytes
    options: tuple[str, ...] = ()
    is_known: bool = True
    """Whether its sender was told."""
    connection: int = 0


@dataclass
class MailServer:
    """Listens on a free port for the length of a `with` block."""

    decide: Decide = lambda _stage, _address, _content: None
    options: dict[str, Any] = field(default_factory=dict)
    """Of aiosmtpd's SMTP."""
    over_tls: ssl.SSLContext | None = None
    """TLS from the first byte."""
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> "MailServer":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def pause(self) -> None:
        """Listen no longer, and cut what is open."""
        self._do(self._end())

    def resume(self) -> None:
        """Listen again, on the same port."""
        self._do(self._listen())

    def cut(self) -> None:
        """Cut every connection."""
        self._do(self._cut())

    async def handle_EHLO(  # noqa: N802
        self, _server: Any, peer: Any, _envelope: Any, name: str, answers: list[str]
    ) -> list[str]:
        peer.host_name = name
        return answers

    async def handle_NOOP(self, _server: Any, _peer: Any, _envelope: Any, _arg: str) -> str:  # noqa: N802
        self.commands.append("NOOP")
        return "250 OK"

    async def handle_QUIT(self, _server: Any, _peer: Any, _envelope: Any) -> str:  # noqa: N802
        self.commands.append("QUIT")
        return "221 Bye"

    async def handle_MAIL(  # noqa: N802
        self, server: Any, _peer: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        said = await self._answer(server, self.decide("MAIL", address, b""))
        if said.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said

    async def handle_RCPT(  # noqa: N802
        self, server: Any, _peer: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        said = await self._answer(server, self.decide("RCPT", address, b""))
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, peer: Any, envelope: Any) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        fault = self.decide("DATA", address, envelope.content)
        taken = Taken(
            address,
            envelope.mail_from,
            envelope.content,
            tuple(envelope.mail_options),
            connection=peer.number,
        )
        if fault is not None and fault.takes:
            taken.is_known = False
            self.taken.append(taken)
        said = await self._answer(server, fault)
        if said.startswith("250") and taken.is_known:
            self.taken.append(taken)
        return said

    def authenticate(
        self, _server: Any, _peer: Any, _envelope: Any, _mechanism: str, login: Any
    ) -> AuthResult:
        given = (login.login.decode(), login.password.decode())
        self.logins.append(given)
        return AuthResult(success=given == ("meridian", "open sesame"), handled=False)

    async def _answer(self, server: Any, fault: Fault | None) -> str:
        if fault is None:
            return "250 2.0.0 OK"
        if fault.wait:
            await asyncio.sleep(fault.wait)
        if fault.drops:
            server.transport.abort()
            await asyncio.sleep(60)  # the lost connection cancels this
        for _ in range(int(fault.drips / 0.05)):
            server.transport.write(b"250-Still looking\r\n")
            await asyncio.sleep(0.05)
        if fault.answer.startswith("421"):
            self._loop.call_later(0.005, server.transport.close)
        return fault.answer or "250 2.0.0 OK"

    def _made(self) -> SMTP:
        made = SMTP(
            self, hostname="mail.internal", loop=self._loop, **{"enable_SMTPUTF8": True, **self.options}
        )
        create = made._create_session

        def numbered() -> Any:
            self.connections += 1
            created = create()
            created.number = self.connections  # type: ignore[attr-defined]  # ours
            return created

        made._create_session = numbered  # type: ignore[method-assign]
        return made

    async def _listen(self) -> None:
        self._open: set[Any] = set()
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", self.port))
            self.port = probe.getsockname()[1]
        self._listening = await self._loop.create_server(
            self._kept, "127.0.0.1", self.port, ssl=self.over_tls
        )

    def _kept(self) -> SMTP:
        made = self._made()
        self._open.add(made)
        return made

    async def _cut(self) -> None:
        for one in self._open:
            if one.transport is not None:
                one.transport.abort()
        self._open.clear()
        await asyncio.sleep(0.02)

    async def _end(self) -> None:
        self._listening.close()
        await self._cut()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)
