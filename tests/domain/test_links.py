import pytest

from app.domain.errors import DomainError
from app.domain.links import check_doi, check_link


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/",
        "http://example.org/a?b=c#d",
        "HTTPS://Example.org/report.pdf",
        "https://पत्रिका.भारत/लेख",
        "https://[2001:db8::1]:8443/x",
        "https://localhost:8000/",
    ],
)
def test_web_addresses_stay_as_they_are(link):
    assert check_link(f"  {link} ") == link


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,hello",
        "mailto:efua@example.org",
        "ftp://example.org/",
        "//example.org/",
        "/journeys/",
        "www.example.org",
        "https:",
        "https://",
        "https:example.org",
        "https://./",
        "https://a..b/",
        "https://example.org:port/",
        "https://[example.org/",
        "https://bank.example@example.org/",
        "https://example.org/a b",
        'https://example.org/"onclick=',
        "https://example.org\\@evil.example/",
        "https://example.org/\u202egpj",
        "https://example.org/" + "x" * 2000,
    ],
)
def test_what_is_no_web_address_is_refused_at_its_field(link):
    with pytest.raises(DomainError) as refused:
        check_link(link, "join_url")

    assert refused.value.field == "join_url"


@pytest.mark.parametrize(
    "typed",
    [
        "10.19088/K4D.2020.001",
        " doi:10.19088/K4D.2020.001",
        "DOI: 10.19088/K4D.2020.001",
        "https://doi.org/10.19088/K4D.2020.001",
        "http://dx.doi.org/10.19088/K4D.2020.001",
    ],
)
def test_a_doi_is_kept_alone(typed):
    assert check_doi(typed) == "10.19088/K4D.2020.001"


@pytest.mark.parametrize(
    "typed",
    ["10", "10.1/x", "10.1234", "10.1234/", "11.1234/x", "10.1234/a b", "https://example.org/10.1234/x",
     "javascript:10.1234/x", '10.1234/"x"', "10.1234/" + "x" * 200],
)  # fmt: skip
def test_what_is_no_doi_is_refused(typed):
    with pytest.raises(DomainError) as refused:
        check_doi(typed)

    assert refused.value.field == "doi"


def test_the_odd_signs_of_old_dois_are_allowed():
    assert check_doi("10.1002/(SICI)1096(199601)99:1<1::AID-A1>3.0.CO;2-1").endswith("CO;2-1")


def test_nothing_is_no_link_and_no_doi():
    assert (check_link(" "), check_doi("doi:")) == ("", "")
