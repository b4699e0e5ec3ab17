"""Run as a script: prints every event of every calendar that khal has, as khal holds them, in JSON."""

import json
import sys
from datetime import UTC, date, datetime, timedelta

from khal.cli_utils import build_collection
from khal.settings import get_config

FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)


def moment(value: datetime | date, days: int) -> str | int:
    """Seconds of an instant; a date, which khal gives as the last day instead of the first after it."""
    if isinstance(value, datetime):
        return int(value.timestamp())
    return (value + timedelta(days=days)).isoformat()


def main() -> None:
    collection = build_collection(get_config(sys.argv[1]), None)
    told: dict[str, list[dict[str, object]]] = {name: [] for name in collection.names}
    timed = collection.get_localized(FIRST, LAST)
    by_day = collection.get_floating(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None))
    for event in (*timed, *by_day):
        told[event.calendar].append(
            {
                "uid": event.uid,
                "page": event.url,
                "starts": moment(event.start, 0),
                "ends": moment(event.end, 1),
                "title": event.summary,
                "status": event.status,
                "sequence": None,
                "location": event.location,
                "description": event.description,
            }
        )
    print(json.dumps(told))


if __name__ == "__main__":
    main()
