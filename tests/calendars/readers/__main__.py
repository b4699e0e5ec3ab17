"""Prints which reader understood how many of the cases, kind by kind, and what was not understood."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from app import schema
from app.config import Settings
from tests.calendars.comparing import Verdict, verdicts
from tests.calendars.fetching import files
from tests.calendars.readers.every import READERS


def main() -> None:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'meridian.db'}"
        schema.upgrade(url)
        fetched = files(Settings(secret_key="a fixed key of more than 32 characters", database_url=url))
    told = {f"{one.name} {one.version()}": verdicts(one, fetched) for one in READERS if not one.lack()}
    kinds = list(dict.fromkeys(_kind(one) for found in told.values() for one in found))
    print("| cases |", " | ".join(told), "|")
    print("|---|", "---|" * len(told), sep="")
    for kind in kinds:
        print(f"| {kind} |", " | ".join(_passed(found, kind) for found in told.values()), "|")
    for name, found in told.items():
        for one in found:
            if one.complaint:
                print(f"{name}: {one.file}: {one.case}: {one.complaint}")
    for reader in READERS:
        if lack := reader.lack():
            print(f"{reader.name}: {lack}")


def _kind(one: Verdict) -> str:
    return one.case.partition(":")[0]


def _passed(found: list[Verdict], kind: str) -> str:
    counted = Counter(not one.complaint for one in found if _kind(one) == kind)
    return f"{counted[True]} of {counted.total()}"


if __name__ == "__main__":
    main()
