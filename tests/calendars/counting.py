"""How many statements a calendar costs: its texts to be written, kept, or not needed at all."""

from collections.abc import Callable, Mapping, Sequence

from tests.reader import Client, QueryCounter


def assert_statements(
    client: Client, query_counter: Callable[[], QueryCounter], paths: Sequence[str], cost: Mapping[str, int]
) -> None:
    """Each of the calendars costs so many when its texts are `anew`, `kept`, and when it is `unchanged`."""
    tags: dict[str, str] = {}
    for stage in ("anew", "kept", "unchanged"):
        for path in paths:
            is_known = stage == "unchanged"
            with query_counter() as counted:
                answer = client.get(path, headers={"If-None-Match": tags[path]} if is_known else {})
            assert (answer.status_code, counted.count) == (304 if is_known else 200, cost[stage])
            tags[path] = answer.headers["ETag"]
