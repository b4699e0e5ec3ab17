import pytest

from app.toolkits import describing
from app.toolkits.models import Resource, ResourceKind


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 KB"), (180_400, "180 KB"),
        (999_499, "999 KB"), (999_600, "1.0 MB"), (4_600_000, "4.6 MB"), (12_340_000, "12 MB"),
        (2_000_000_000, "2.0 GB"), (5_000_000_000_000_000, "5,000 TB"),
    ],
)  # fmt: skip
def test_sizes(number, text):
    assert describing.size(number) == text


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("10.17226/24786", "10.17226/24786"),
        ("doi:10.17226/24786", "10.17226/24786"),
        ("https://doi.org/10.17226/24786", "10.17226/24786"),
        ("http://dx.doi.org/10.17226/24786 ", "10.17226/24786"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_a_doi_however_written(written, bare):
    assert describing.doi(Resource(doi=written)) == bare


def test_briefly():
    resource = Resource(
        kind=ResourceKind.WEBSITE, url="https://example.org", doi="", file_format="", size_bytes=None
    )
    assert describing.briefly(resource) == "Website, outside link"
    resource.file_format, resource.size_bytes = "PDF", 12_000
    assert describing.briefly(resource) == "Website, PDF, 12 KB"


def test_without_an_address_the_doi_is_the_link():
    resource = Resource(kind=ResourceKind.REPORT, url="", doi="10.17226/24786")
    assert describing.link(resource) == "https://doi.org/10.17226/24786"
