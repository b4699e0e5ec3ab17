"""What a first visit costs on a slow line: everything that comes over the network, headers included."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import LiveServer
from tests.browser.preparing import add_long_journey

BYTES = 50 * 1024
REQUESTS = 6
SESSIONS = 200
PATHS = {
    "home": "/",
    "journey": "/journeys/health-systems-strengthening/",
    "open journey": "/journeys/financing-and-payment/",
    "session": "/journeys/financing-and-payment/sessions/capitation/",
    "toolkit": "/toolkits/what-works-for-health-systems-strengthening/",
}


def cost(browser: Browser, server: LiveServer, path: str) -> tuple[int, int]:
    """Bytes and requests of a visit with nothing in the cache."""
    context = browser.new_context(base_url=server.url, timezone_id="Africa/Accra")
    context.add_cookies([{"name": "zone", "value": "Africa/Accra", "url": server.url}])
    page = context.new_page()
    wire = context.new_cdp_session(page)
    asked: list[str] = []
    arrived: list[float] = []
    wire.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    wire.on("Network.loadingFinished", lambda event: arrived.append(event["encodedDataLength"]))
    wire.send("Network.enable")
    page.goto(path, wait_until="networkidle")
    context.close()
    return int(sum(arrived)), len([one for one in asked if not one.startswith("data:")])


@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in PATHS.items()])
def test_a_first_visit_is_small(browser, live_server, path):
    size, requests = cost(browser, live_server, path)
    assert 2_000 < size <= BYTES
    assert 1 < requests <= REQUESTS


def test_a_first_visit_to_two_hundred_sessions_is_small(browser, live_server):
    size, requests = cost(browser, live_server, add_long_journey(live_server, SESSIONS))
    assert 2_000 < size <= BYTES
    assert 1 < requests <= REQUESTS
