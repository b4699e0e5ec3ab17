"""Understanding one row: who is meant. Reads no tables."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from app.accounts.queries import fold_email
from app.domain.emails import LONGEST_EMAIL, can_be_email
from app.domain.errors import DomainError
from app.domain.text import fold_text, is_plain_line
from app.domain.written_names import country_alike, country_written, language_written
from app.domain.zone_choice import Unclear, ZoneAnswer, zone_from
from app.domain.zone_data import UnknownZone
from app.domain.zone_directory import choose_zone, country_name, find_zones, proposed_zone, zones_of
from app.enrolments.importing.columns import LABELS
from app.participants.groups import STAKEHOLDER_GROUPS

LONGEST = 200
_LIMITS = {"name": LONGEST, "organisation": LONGEST, "group": LONGEST, "cadre": LONGEST, "zone": LONGEST,
           "country": LONGEST, "language": LONGEST, "email": LONGEST_EMAIL}  # fmt: skip
_GROUPS = {fold_text(group): group for group in STAKEHOLDER_GROUPS}


@dataclass(frozen=True, slots=True)
class Person:
    """What a row says about somebody; what it does not say is empty."""

    name: str
    email: str
    folded: str
    """The address as addresses are compared."""
    country: str
    organisation: str
    group: str
    cadre: str
    language: str
    zone: str
    """As the row says it."""
    own_zone: str
    """What to store for somebody who is new: as said, or as the country settles it."""
    lacks_zone: str
    """Why nobody new can be made of it; empty when `own_zone` is there."""


@dataclass(frozen=True, slots=True)
class ZoneRule:
    """How a zone is found where a row does not say it. `fallback`: what is taken without a country; empty:
    nothing, and no country's chief zone either.
    """

    now: datetime
    fallback: str = ""


def understand(record: Mapping[str, str], rule: ZoneRule) -> Person:
    """The person that a record describes. Raises DomainError that says everything that is wrong with it."""
    texts = {name: _text(name, record.get(name, "")) for name in LABELS}
    wrong = [sentence for name, text in texts.items() if (sentence := _unfit(name, text))]
    if wrong:
        raise DomainError(" ".join(wrong))
    country = (texts["country"] and country_written(texts["country"])) or ""
    language = (texts["language"] and language_written(texts["language"])) or ""
    zone, lacks = _zone(texts["zone"], country, rule, wrong)
    if texts["country"] and not country:
        wrong.append(_unknown_country(texts["country"]))
    if texts["language"] and not language:
        wrong.append(f"Language: “{texts['language']}” is not the name or the code of a language.")
    if wrong:
        raise DomainError(" ".join(wrong))
    group = texts["group"]
    return Person(
        name=texts["name"], email=texts["email"], folded=fold_email(texts["email"]), country=country,
        organisation=texts["organisation"],
        group=_GROUPS.get(fold_text(group), group), cadre=texts["cadre"], language=language,
        zone=zone if texts["zone"] else "", own_zone=zone, lacks_zone=lacks,
    )  # fmt: skip


def _text(name: str, cell: str) -> str:
    """In one line. A dash, or whatever else says nothing, is as good as an empty cell."""
    text = " ".join(cell.split())
    says = name in ("name", "email") or any(letter.isalnum() for letter in text)
    return text if says else ""


def _unfit(name: str, text: str) -> str:
    """Why a cell cannot be kept as it is, whatever it means."""
    label = LABELS[name]
    if name in ("name", "email") and not text:
        return f"{label} is empty."
    if len(text) > _LIMITS[name]:
        return f"{label} has {len(text):,} characters; at most {_LIMITS[name]} are allowed."
    if not _can_be_kept(text):
        return f"{label} holds signs that cannot be kept, such as ones that turn the writing round."
    if name == "name" and not any(letter.isalpha() for letter in text):
        return f"Name: “{text}” has no letters."
    if name == "email" and not can_be_email(text):
        return f"E-mail: “{text}” is not an address such as efua@example.org."
    return ""


def _can_be_kept(text: str) -> bool:
    if text.isascii() and text.isprintable():
        return True  # as most are
    return is_plain_line(text) and not any(unicodedata.category(letter) == "Cs" for letter in text)


def _unknown_country(text: str) -> str:
    alike = country_alike(text)
    proposal = f" Is it {alike}?" if alike else ""
    return f"Country: “{text}” is not the name or the code of one country.{proposal}"


def _zone(text: str, country: str, rule: ZoneRule, wrong: list[str]) -> tuple[str, str]:
    """The zone, and why there is none; adds to `wrong` what was written and cannot be understood."""
    if text:
        zone, sentence = _zone_written(text, country, rule.now)
        if sentence:
            wrong.append(f"Time zone: {sentence}")
        return zone, ""
    zone, sentence = _zone_of(country, rule.now) if country else ("", "")
    if zone:
        return zone, ""
    if rule.fallback:
        return (proposed_zone(country) or rule.fallback) if country else rule.fallback, ""
    return "", sentence or "Write the country or the time zone: neither is there to tell the person’s hours."


@lru_cache(maxsize=2048)
def _zone_written(text: str, country: str, now: datetime) -> tuple[str, str]:
    try:
        return choose_zone(text, now), ""
    except UnknownZone as unknown:
        there = [one.zone for one in find_zones(text, 50, now) if one.zone in zones_of(country)]
        return (there[0], "") if len(there) == 1 else ("", unknown.message)


@lru_cache(maxsize=512)
def _zone_of(country: str, now: datetime) -> tuple[str, str]:
    try:
        return zone_from(ZoneAnswer(country=country), now), ""
    except Unclear as unclear:
        if not unclear.candidates:
            return "", f"{country_name(country)} has no time zone that is known; write one."
        return "", f"{country_name(country)} has several time zones; write which one is the person’s."
