"""Sittings that calendars get wrong, and what every reader must understand of them, written out by hand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from app.domain.attendance import Attendance


@dataclass(frozen=True)
class Case:
    """One sitting: what an organiser says, and what must arrive."""

    name: str
    starts: datetime | date
    ends: datetime | date
    wall: datetime | None = None
    zone: str = "Africa/Accra"
    fold: int = 0
    length: int = 60
    title: str = "What capitation pays for"
    summary: str = ""
    attendance: Attendance = Attendance.ONLINE
    link: str = "https://meet.example.org/j/123?pwd=a,b;c"
    venue: tuple[str, str] | None = None
    """Name and address."""
    cancelled: bool = False

    @property
    def status(self) -> str:
        return "CANCELLED" if self.cancelled else "CONFIRMED"


def _timed(zone: str, name: str, wall: str, starts: str, fold: int = 0, length: int = 60) -> Case:
    """A case that begins at `wall` in `zone`, which is `starts` in UTC."""
    starts_at = datetime.fromisoformat(starts).replace(tzinfo=UTC)
    ends_at = starts_at + timedelta(minutes=length)
    return Case(f"{zone}: {name}", starts_at, ends_at, datetime.fromisoformat(wall), zone, fold, length)


LONDON, ST_JOHNS, LORD_HOWE = "Europe/London", "America/St_Johns", "Australia/Lord_Howe"
APIA, CASABLANCA, CAIRO = "Pacific/Apia", "Africa/Casablanca", "Africa/Cairo"

CLOCKS = (
    _timed(LONDON, "01:30, the first time", "2026-10-25 01:30", "2026-10-25 00:30"),
    _timed(LONDON, "01:30, the second time", "2026-10-25 01:30", "2026-10-25 01:30", fold=1),
    _timed(LONDON, "over the end of summer time", "2026-10-25 00:30", "2026-10-24 23:30", length=120),
    _timed(LONDON, "over the hour that is not", "2026-03-29 00:30", "2026-03-29 00:30"),
    _timed(LONDON, "after the hour that is not", "2026-03-29 02:00", "2026-03-29 01:00"),
    _timed("Africa/Nairobi", "never changes", "2027-04-05 10:00", "2027-04-05 07:00"),
    _timed("Asia/Kathmandu", "a quarter of an hour", "2027-04-05 10:00", "2027-04-05 04:15"),
    _timed(ST_JOHNS, "half an hour, summer", "2027-07-05 10:00", "2027-07-05 12:30"),
    _timed(ST_JOHNS, "half an hour, winter", "2027-01-05 10:00", "2027-01-05 13:30"),
    _timed(ST_JOHNS, "01:30, the first time", "2026-11-01 01:30", "2026-11-01 04:00"),
    _timed(ST_JOHNS, "01:30, the second time", "2026-11-01 01:30", "2026-11-01 05:00", fold=1),
    _timed(ST_JOHNS, "after the hour that is not", "2027-03-14 03:30", "2027-03-14 06:00"),
    _timed(LORD_HOWE, "01:45, the first time", "2026-04-05 01:45", "2026-04-04 14:45"),
    _timed(LORD_HOWE, "01:45, half an hour later", "2026-04-05 01:45", "2026-04-04 15:15", fold=1),
    _timed(LORD_HOWE, "over the half hour that is not", "2026-10-04 01:45", "2026-10-03 15:15", length=30),
    _timed(LORD_HOWE, "after the half hour that is not", "2026-10-04 02:30", "2026-10-03 15:30"),
    _timed(APIA, "thirteen hours ahead", "2027-04-05 10:00", "2027-04-04 21:00"),
    _timed(APIA, "over the day that is not", "2011-12-29 23:00", "2011-12-30 09:00", length=120),
    _timed(APIA, "after the day that is not", "2011-12-31 00:30", "2011-12-30 10:30"),
    _timed(CASABLANCA, "before Ramadan 2026", "2026-02-10 10:00", "2026-02-10 09:00"),
    _timed(CASABLANCA, "02:30, the first time", "2026-02-15 02:30", "2026-02-15 01:30"),
    _timed(CASABLANCA, "02:30, the second time", "2026-02-15 02:30", "2026-02-15 02:30", fold=1),
    _timed(CASABLANCA, "in Ramadan 2026", "2026-03-05 10:00", "2026-03-05 10:00"),
    _timed(CASABLANCA, "after Ramadan 2026", "2026-03-25 10:00", "2026-03-25 09:00"),
    # Morocco keeps UTC all the year since 20 September 2026 (zone data of 2026), in Ramadan and out of it.
    _timed(CASABLANCA, "before Ramadan 2027", "2027-02-02 10:00", "2027-02-02 10:00"),
    _timed(CASABLANCA, "in Ramadan 2027", "2027-02-22 10:00", "2027-02-22 10:00"),
    _timed(CASABLANCA, "after Ramadan 2027", "2027-03-22 10:00", "2027-03-22 10:00"),
    _timed(CAIRO, "summer", "2027-07-05 10:00", "2027-07-05 07:00"),
    _timed(CAIRO, "winter", "2027-01-05 10:00", "2027-01-05 08:00"),
    _timed(CAIRO, "23:30, the first time", "2026-10-29 23:30", "2026-10-29 20:30"),
    _timed(CAIRO, "23:30, the second time", "2026-10-29 23:30", "2026-10-29 21:30", fold=1),
    _timed(CAIRO, "after the midnight that is not", "2026-04-24 01:00", "2026-04-23 22:00"),
)

LENGTHS = (
    _timed("Asia/Manila", "over midnight there", "2027-04-05 23:30", "2027-04-05 15:30"),
    _timed("America/New_York", "over midnight in UTC", "2027-04-22 19:30", "2027-04-22 23:30"),
    _timed("Africa/Accra", "until midnight", "2027-04-22 23:00", "2027-04-22 23:00"),
    _timed(LONDON, "24 hours", "2027-04-22 09:00", "2027-04-22 08:00", length=1440),
    _timed(LONDON, "24 hours of a day of 23", "2027-03-28 00:00", "2027-03-28 00:00", length=1440),
    _timed("Africa/Accra", "5 minutes", "2027-04-22 13:00", "2027-04-22 13:00", length=5),
    Case("one day", date(2027, 5, 11), date(2027, 5, 12), zone=LONDON),
    Case("three days", date(2027, 5, 11), date(2027, 5, 14), zone=APIA),
    Case("days over the year's end", date(2027, 12, 30), date(2028, 1, 3), zone="America/Los_Angeles"),
    Case("the day of a clock change", date(2026, 10, 25), date(2026, 10, 26), zone=LONDON),
)

USUAL = _timed("Africa/Accra", "the usual", "2027-04-22 13:00", "2027-04-22 13:00")
FAMILY, NURSE, FLAG = "👨‍👩‍👧‍👦", "👩🏽‍⚕️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"

TITLES = {
    "comma, semicolon, backslash": r"One, two; three \ four",
    "what looks like an escape": r"a\nb\, c\; d\\ e^n f",
    "double quotes": 'He said "no", and "maybe"',
    "colons and equals signs": "Part 1: who pays=who decides; X-A=B:C",
    "what looks like a property": "END:VEVENT",
    "a backslash before a capital N": r"C:\New and \N",
    "a lone backslash at the end": "A path ends in \\",
    "a percent sign and a hash": "100% of #health & <b>care</b> &amp; more",
    "é": "Qualité des soins : évaluer l’équité, déjà",
    "e with a combining accent": "Qualite\u0301 des soins",
    "健康": "健康系统强化：筹资与支付",
    "العربية": "التعلّم عبر المناطق الزمنية",
    "both directions in one": "Session 3 (العربية) – 健康, v2.0",
    "emoji": f"🩺 {NURSE} {FAMILY} {FLAG} 🇬🇭",
    "very long": "A very long title that goes on; " * 60 + "and ends",
    "very long in three-octet characters": "健康系统强化" * 80,
    "very long in four-octet characters": f"{NURSE}{FAMILY}" * 60,
    "no blanks at all": "x" * 400,
    "line breaks": "Line one\nline two, and\n\nthe third",
}


def _folds() -> Iterator[tuple[str, str]]:
    """Titles in which a character begins on each octet from 70 to 76 of its line, so that a fold meets it.

    `SUMMARY:` takes eight octets and a line holds at most 75.
    """
    for name, character in (
        ("two octets", "é"), ("two octets, right to left", "ع"), ("three octets", "健"),
        ("four octets", "😀"), ("a comma", ","), ("a backslash", "\\"), ("a joined family", FAMILY),
        ("a letter and its accent", "e\u0301"), ("a blank", " y"),
    ):  # fmt: skip
        for octet in range(70, 77):
            yield f"fold: {name} on octet {octet}", "x" * (octet - 9) + character + "yz"
    for octet in range(70, 77):  # the second fold comes 74 octets later, after the blank that marks it
        yield f"second fold: three octets on octet {octet}", "x" * (octet - 9 + 74) + "健康"


TEXTS = tuple(
    replace(USUAL, name=f"title: {name}", title=title) for name, title in (*TITLES.items(), *_folds())
)

PLACES = (
    replace(USUAL, name="without link", link=""),
    replace(
        USUAL,
        name="at a venue",
        attendance=Attendance.IN_PERSON,
        link="",
        venue=("Room 2; the “big” one", "2 Ring Road, East"),
    ),
    replace(
        USUAL, name="at a venue and online", attendance=Attendance.BOTH, venue=("Salle Équité", "健康路 1")
    ),
    replace(
        USUAL,
        name="line breaks in the summary",
        summary="One line, with a comma\nthe next; with a semicolon\n\nA paragraph \\ with é, 健康 and 😀.",
    ),
    replace(USUAL, name="cancelled", cancelled=True),
    Case("a day, cancelled", date(2027, 5, 11), date(2027, 5, 12), cancelled=True),
)

CASES = CLOCKS + LENGTHS + TEXTS + PLACES
