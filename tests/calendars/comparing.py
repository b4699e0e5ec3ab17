"""Whether a reader understood what a calendar says, case by case."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from tests.calendars.fetching import File
from tests.calendars.readers import by_icalendar
from tests.calendars.readers.seen import Reader, Seen


@dataclass(frozen=True)
class Verdict:
    """What one reader made of one case in one file."""

    file: str
    case: str
    complaint: str
    """Empty when it understood."""


def verdicts(reader: Reader, files: Sequence[File]) -> list[Verdict]:
    """Of every case in every file; an empty calendar is one case."""
    read = reader.read([one.body for one in files])
    agreed = by_icalendar.READER.read([one.body for one in files])
    return [
        Verdict(file.name, case, complaint)
        for file, seen, as_told in zip(files, read, agreed, strict=True)
        for case, complaint in _of_file(reader, file, seen, as_told)
    ]


def _of_file(
    reader: Reader, file: File, seen: Sequence[Seen], as_told: Sequence[Seen]
) -> Iterator[tuple[str, str]]:
    if not file.expected or len(seen) != len(file.expected):
        yield file.name, f"{len(seen)} events" if len(seen) != len(file.expected) else ""
    found = {_key(reader, one): one for one in seen}
    descriptions = {one.uid: one.description for one in as_told}
    for case, expected in file.expected.items():
        yield case, _complaint(reader, expected, found.get(_key(reader, expected)), descriptions)


def _complaint(reader: Reader, expected: Seen, seen: Seen | None, descriptions: dict[str, str]) -> str:
    if seen is None:
        return "it is not there"
    told, wanted = asdict(seen), asdict(expected)
    wanted["description"] = descriptions[expected.uid]  # what there is to agree on
    differing = [name for name in told if told[name] != wanted[name] and name not in _untold(reader)]
    if expected.description not in seen.description:
        return f"the description lacks {expected.description!r}"
    return "; ".join(f"{name}: {told[name]!r} instead of {wanted[name]!r}" for name in differing)


def _key(reader: Reader, one: Seen) -> str:
    return one.uid if reader.keeps_uids else f"{one.page} {one.starts}"  # twins share a page


def _untold(reader: Reader) -> set[str]:
    return (set() if reader.keeps_uids else {"uid"}) | (set() if reader.counts_changes else {"sequence"})
