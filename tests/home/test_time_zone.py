import re

import pytest
import time_machine

from tests.conftest import SITE_URL
from tests.factories import NOW, PASSWORD, make_participant, make_user


def found(page) -> list[str]:
    return re.findall(r'type="radio" name="timezone"[^>]* value="([^"]+)"', page.text)


def choose(client, zone, next_path="/", **kwargs):
    return client.submit("/time-zone", {"timezone": zone, "next": next_path}, **kwargs)


def test_the_page_has_a_search_and_every_country(client):
    page = client.get("/time-zone")
    assert page.status_code == 200
    assert found(page) == []
    assert 'name="q"' in page.text
    assert "<dt><b>Viet Nam</b></dt>" in page.text or "<dt><b>Vietnam</b></dt>" in page.text
    assert 'href="/time-zone?q=Africa/Accra' in page.text


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Kathmandu", "Asia/Kathmandu"),
        ("Viet Nam", "Asia/Ho_Chi_Minh"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("bogota", "America/Bogota"),
        ("Africa/Accra", "Africa/Accra"),
        ("Hà Nội", "Asia/Ho_Chi_Minh"),
    ],
)
def test_searching(client, typed, first):
    page = client.get("/time-zone", query_string={"q": typed})
    assert found(page)[0] == first
    assert re.search(rf'value="{first}" checked', page.text)


def test_results_show_the_clock_and_the_abbreviation(client):
    with time_machine.travel(NOW, tick=False):
        page = client.get("/time-zone?q=EAT")
    assert "Africa/Nairobi" in found(page)
    assert "<b>Nairobi</b>, Kenya" in page.text
    assert "12:00</time>" in page.text
    assert "EAT, UTC+3" in page.text


@pytest.mark.parametrize("typed", ["Atlantis", "<script>", "x" * 5000, "%", "(("])
def test_nothing_found_says_what_to_try(client, typed):
    page = client.get("/time-zone", query_string={"q": typed})
    assert page.status_code == 200
    assert found(page) == []
    assert "Try the nearest large city" in page.text
    assert "<script>" not in page.text


def test_choosing_is_remembered_for_a_year(client):
    with time_machine.travel(NOW, tick=False):
        answer = choose(client, "Asia/Dhaka", "/privacy", page="/time-zone?q=Dhaka")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/privacy")
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("zone="))
    for part in ("zone=Asia/Dhaka", "Max-Age=31536000", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    page = client.get("/privacy")
    assert "Times are shown for <b>Dhaka</b>" in page.text


def test_an_old_name_is_taken_under_its_new_one(client):
    choose(client, "Asia/Saigon", page="/time-zone?q=Hanoi")
    assert client.get_cookie("zone", "127.0.0.1").value == "Asia/Ho_Chi_Minh"


def test_a_choice_can_be_taken_back(client):
    choose(client, "Asia/Dhaka", page="/time-zone?q=Dhaka")
    assert "remembered on this device for a year" in client.get("/time-zone").text
    assert choose(client, "").status_code == 303
    assert client.get_cookie("zone", "127.0.0.1") is None
    assert "Each session is shown in its own time zone." in client.get("/privacy").text


@pytest.mark.parametrize("zone", ["Moon/Tranquility", "x" * 500, "\x00", "../../etc/passwd"])
def test_a_zone_that_is_none_is_refused(client, zone):
    answer = choose(client, zone, page="/time-zone?q=Dhaka")
    assert answer.status_code == 422
    assert "your attention" in answer.text
    assert client.get_cookie("zone", "127.0.0.1") is None


@pytest.mark.parametrize("path", ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example"])
def test_choosing_never_leads_elsewhere(client, path):
    assert choose(client, "Asia/Dhaka", path, page="/time-zone?q=Dhaka").headers["Location"] == "/"
    assert "elsewhere" not in client.get("/time-zone", query_string={"next": path}).text


def test_a_form_without_its_token_changes_nothing(client):
    assert client.post("/time-zone", data={"timezone": "Asia/Dhaka"}).status_code == 422
    assert client.get_cookie("zone", "127.0.0.1") is None


@pytest.mark.parametrize("value", ["Moon/Tranquility", "", "x" * 3000, "../../etc/passwd", "Asia/Calcutta"])
def test_an_odd_cookie_never_breaks_a_page(client, value):
    client.set_cookie("zone", value, domain="127.0.0.1")
    page = client.get("/privacy")
    assert page.status_code == 200
    assert ("Times are shown for <b>Kolkata</b>" in page.text) == (value == "Asia/Calcutta")


def test_signed_in_the_profile_decides(client, database):
    make_participant(user=make_user())
    client.submit("/sign-in", {"email": "efua@example.org", "password": PASSWORD})
    choose(client, "Asia/Dhaka", page="/time-zone?q=Dhaka")
    page = client.get("/time-zone")
    assert 'so <a href="/me/profile">your profile</a> decides: times are shown for Accra' in page.text
    assert "Times are shown for <b>Accra</b>" in page.text


def test_choosing_writes_nothing(client, query_counter):
    client.get("/time-zone?q=Dhaka")
    with query_counter() as counted:
        choose(client, "Asia/Dhaka", page="/time-zone?q=Dhaka")
    assert counted.statements == []
    assert SITE_URL.startswith("http:")  # so the cookie is not Secure here
