"""What the tests of planning share: an organiser at her desk, and forms as a browser would send them."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from werkzeug.test import TestResponse

from tests.page import Page
from tests.reader import Client

JOURNEY = "/organise/journeys/financing-and-payment-models/"
NEW_SESSION = f"{JOURNEY}new-session"
OVERVIEW = f"{JOURNEY}sessions/what-capitation-pays-for/"
NEW_SITTING = f"{OVERVIEW}new-sitting"
EDIT_SESSION = f"{OVERVIEW}edit"

A_TIME = {
    "dating": "time",
    "day": "2027-05-12",
    "begins": "13:00",
    "length": "90",
    "zone": "London",
    "attendance": "online",
}
"""A sound sitting, with nothing that is not needed."""


def edit_page(offering_id: int) -> str:
    return f"/organise/offerings/{offering_id}/edit"


def typed_in(response: TestResponse) -> dict[str, str]:
    """The fields of the largest form on a page, with what stands in them, as a browser would send them."""
    forms = re.findall(r"<form.*?</form>", response.text, re.DOTALL)
    form = max(forms, key=len)
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        facts = {name: unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
        ticked = " checked" in tag or facts.get("type") not in {"radio", "checkbox"}
        if ticked and "name" in facts:
            found[facts["name"]] = facts.get("value", "")
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]*)"[^>]*>\r?\n?(.*?)</textarea>', form, re.DOTALL
    ):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        shown = chosen or re.search(r'<option[^>]*value="([^"]*)"', options)
        found[name] = unescape(shown.group(1)) if shown else ""
    return found


def send(client: Client, path: str, fields: Mapping[str, Any]) -> TestResponse:
    """Open the form, fill in these fields, and send all of it."""
    return client.post(path, data=typed_in(client.get(path)) | dict(fields))


def send_again(
    client: Client, path: str, before: TestResponse, fields: Mapping[str, Any] | None = None
) -> Any:
    """Send the form that came back, with these fields changed."""
    return client.post(path, data=typed_in(before) | dict(fields or {}))


def errors_of(response: TestResponse) -> dict[str, str]:
    """What is wrong, by the id of the field it stands at."""
    found = re.findall(r'<p class="error" id="([^"]+)-error">(.*?)</p>', response.text, re.DOTALL)
    return {name: unescape(re.sub(r"<[^>]+>", "", text)).removeprefix("Error: ") for name, text in found}


def read(response: TestResponse) -> Page:
    return Page(response)
