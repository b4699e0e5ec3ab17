"""Every setting, read from the environment once, at the start.

A wrong value stops the start with a sentence that names the variable (`ConfigError`).
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import urlsplit

from app.domain.emails import can_be_email
from app.domain.mail_server import is_reserved, mail_server

LONGEST_REPLY_NAME = 29


class ConfigError(Exception):
    """A setting is missing or wrong; the message names the variable and says what to write."""


@dataclass(frozen=True)
class Settings:
    """The configuration of one running Meridian."""

    secret_key: str = field(repr=False)
    """SECRET_KEY: signs cookies and forms and derives calendar addresses; at least 32 characters."""
    database_url: str = field(default="sqlite:///instance/meridian.db", repr=False)
    """DATABASE_URL: SQLite file or postgresql+psycopg://…"""
    site_url: str = "http://127.0.0.1:8000"
    """SITE_URL: what links are made from; cookies are Secure exactly when it is https."""
    host: str = "127.0.0.1"
    """HOST: the address gunicorn binds (`make run` binds the loopback address only)."""
    port: int = 8000
    """PORT: the port `make run` and gunicorn bind."""
    trusted_proxies: int = 0
    """TRUSTED_PROXIES: how many reverse proxies in front set X-Forwarded-*."""
    mail_url: str = field(default="folder:instance/mail", repr=False)
    """MAIL_URL: where mail goes: `smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host:465`
    hands it to a mail server, `folder:<path>` writes .eml files, `console:` prints them."""
    mail_from: str = "Meridian <meridian@example.org>"
    """MAIL_FROM: the sender of every message."""
    reply_to: str = ""
    """REPLY_TO: the address whose tagged forms (`replies+…@example.org`) take answers to invitations; empty:
    none are asked for."""
    trusted_authserv: str = ""
    """TRUSTED_AUTHSERV: the name (authserv-id) under which the own mail server writes Authentication-Results
    (RFC 8601); empty: none are believed."""
    password_cost: int = 3
    """PASSWORD_COST: argon2 passes over its memory (1 to 10); more is slower to guess and to sign in."""
    contact: str = ""
    """CONTACT: an address or sentence shown where people are told whom to ask."""
    instance: str = "instance"
    """MERIDIAN_INSTANCE: the folder in which `seed` keeps the demonstration sign-ins."""
    log_level: str = "INFO"
    """LOG_LEVEL: DEBUG, INFO, WARNING or ERROR."""

    @property
    def secure_cookies(self) -> bool:
        return self.site_url.startswith("https://")

    @property
    def is_loopback(self) -> bool:
        """Whether the site is reachable from this machine only."""
        return urlsplit(self.site_url).hostname in {"127.0.0.1", "localhost", "::1"}


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises ConfigError naming the variable at fault."""
    env = os.environ if environ is None else environ
    return Settings(
        secret_key=_secret_key(env),
        database_url=database_url(env),
        site_url=_site_url(env),
        host=env.get("HOST") or Settings.host,
        port=_number(env, "PORT", Settings.port, 1, 65535),
        trusted_proxies=_number(env, "TRUSTED_PROXIES", Settings.trusted_proxies, 0, 10),
        mail_url=_mail_url(env),
        mail_from=_mail_from(env),
        reply_to=_reply_to(env),
        trusted_authserv=_trusted_authserv(env),
        password_cost=_number(env, "PASSWORD_COST", Settings.password_cost, 1, 10),
        contact=env.get("CONTACT", Settings.contact).strip(),
        instance=env.get("MERIDIAN_INSTANCE", "").strip() or Settings.instance,
        log_level=_log_level(env),
    )


def database_url(env: Mapping[str, str]) -> str:
    """DATABASE_URL with its driver named; the short PostgreSQL spellings are accepted."""
    url = env.get("DATABASE_URL", "").strip() or Settings.database_url
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError("DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    return url


def _secret_key(env: Mapping[str, str]) -> str:
    key = env.get("SECRET_KEY", "")
    if len(key) < 32:
        raise ConfigError(
            "SECRET_KEY must be set to at least 32 random characters; "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))' makes one."
        )
    return key


def _site_url(env: Mapping[str, str]) -> str:
    url = env.get("SITE_URL", "").strip().rstrip("/") or Settings.site_url
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ConfigError("SITE_URL must be an address such as https://learn.example.org, without a path.")
    return url


def _number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ConfigError(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
    return int(text)


def _mail_url(env: Mapping[str, str]) -> str:
    url = env.get("MAIL_URL", "").strip() or Settings.mail_url
    if url.startswith(("smtp:", "smtps:")):
        try:
            mail_server(url)
        except ValueError as wrong:
            raise ConfigError(str(wrong)) from None
    elif url != "console:" and not (url.startswith("folder:") and len(url) > len("folder:")):
        raise ConfigError("MAIL_URL must be smtp://…, smtps://…, folder:<path> or console:.")
    return url


def _mail_from(env: Mapping[str, str]) -> str:
    sender = env.get("MAIL_FROM", "").strip() or Settings.mail_from
    address = parseaddr(sender)[1]
    if not can_be_email(address) or not sender.isprintable():
        raise ConfigError("MAIL_FROM must be an address such as Meridian <meridian@example.org>.")
    if _mail_url(env).startswith(("smtp:", "smtps:")) and is_reserved(address):
        raise ConfigError("MAIL_FROM must be an address of your own where MAIL_URL names a mail server.")
    return sender


def _reply_to(env: Mapping[str, str]) -> str:
    """A bare address that leaves room for a token: a local part has 64 characters (RFC 5321, 4.5.3.1)."""
    address = env.get("REPLY_TO", "").strip()
    if address and not re.fullmatch(
        r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*@([A-Za-z0-9-]+\.)*[A-Za-z0-9-]+", address
    ):
        raise ConfigError("REPLY_TO must be a plain address without “+”, such as replies@example.org.")
    if len(address.partition("@")[0]) > LONGEST_REPLY_NAME:
        raise ConfigError(f"REPLY_TO must have at most {LONGEST_REPLY_NAME} characters before the @.")
    return address


def _trusted_authserv(env: Mapping[str, str]) -> str:
    name = env.get("TRUSTED_AUTHSERV", "").strip()
    if name and not re.fullmatch(r"[A-Za-z0-9_.:/-]+", name):
        raise ConfigError("TRUSTED_AUTHSERV must be the name of your mail server, such as mx.example.org.")
    return name


def _log_level(env: Mapping[str, str]) -> str:
    level = env.get("LOG_LEVEL", Settings.log_level).strip().upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ConfigError("LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    return level
