"""Tables as they come: encodings, separators, headers in other words, and what no row should hold."""

import csv
import io

import pytest
from sqlalchemy import func, select

from app.database import db
from app.participants.models import Participant
from app.sheets.writing import xlsx_bytes
from tests.enrolments.importing.tables import HEADERS
from tests.page import Page

FRENCH = (
    "Nom complet;Courriel;Pays;Institution\r\n"
    'Zoé Müller;zoe@example.org;Côte d’Ivoire;"Institut\r\nnational"\r\n'
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(FRENCH.encode(), "CSV, UTF-8, separated by semicolons", id="UTF-8"),
        pytest.param(FRENCH.encode("utf-8-sig"), "UTF-8 with byte-order mark", id="with BOM"),
        pytest.param(FRENCH.encode("utf-16"), "UTF-16 with byte-order mark", id="UTF-16"),
        pytest.param(FRENCH.encode("cp1252"), "Windows-1252 (guessed)", id="Windows-1252"),
        pytest.param(
            xlsx_bytes(["Nom", "E-mail", "Pays"], [["Zoé Müller", "zoe@example.org", "Côte d'Ivoire"]], "x"),
            "XLSX",
            id="XLSX",
        ),
    ],
)
def test_a_table_is_read_however_it_was_saved(importer, content, words):
    assert importer.upload(content, "liste.csv").status_code == 303
    shown = Page(importer.browser.get(f"{importer.here}columns"))
    assert words in shown.text
    assert ("Look at the accents." in shown.text) is ("guessed" in words)
    importer.columns()
    importer.work()
    assert "New 1" in importer.look().text
    importer.apply()
    zoe = db.scalars(select(Participant).where(Participant.email == "zoe@example.org")).one()
    assert (zoe.name, zoe.country, zoe.timezone) == ("Zoé Müller", "CI", "Africa/Abidjan")


def test_columns_are_corrected_by_hand(importer):
    importer.upload("Person,Where to write\nAma,ama@example.org\n")
    refused = importer.columns(name="", email="")
    assert refused.status_code == 422
    assert "Say which column holds the name." in Page(refused).text
    twice = importer.columns(name="0", email="0")
    assert twice.status_code == 422
    assert "“Person” is chosen for the name already." in Page(twice).text
    for wrong in ("7", "x", "-1", "99999999999", "\u0663"):
        assert importer.columns(name="0", email=wrong).status_code == 422
    assert importer.columns(name="0", email="1", guess_zone="y").status_code == 303
    importer.work()
    assert "New 1" in importer.look().text
    importer.apply()
    assert db.scalar(select(Participant.timezone).where(Participant.name == "Ama")) == "Europe/London"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Ama,ama@example,Ghana,,,,,", "E-mail: “ama@example” is not an address"),
        (",ama@example.org,Ghana,,,,,", "Name is empty."),
        ("Ama,,Ghana,,,,,", "E-mail is empty."),
        ("123,ama@example.org,Ghana,,,,,", "Name: “123” has no letters."),
        (
            "Ama,ama@example.org,Gahna,,,,,",
            "Country: “Gahna” is not the name or the code of one country. Is it Ghana?",
        ),
        ("Ama,ama@example.org,Congo,,,,,", "Country: “Congo” is not the name or the code of one country."),
        (
            "Ama,ama@example.org,Brazil,,,,,",
            "Brazil has several time zones; write which one is the person’s.",
        ),
        ("Ama,ama@example.org,,,,,,", "Write the country or the time zone"),
        (
            "Ama,ama@example.org,,,,,Atlantis,",
            "Time zone: No city, country or time zone is called “Atlantis”.",
        ),
        (
            "Ama,ama@example.org,Ghana,,,,,Elvish",
            "Language: “Elvish” is not the name or the code of a language.",
        ),
        (f"{'A' * 10_000},ama@example.org,Ghana,,,,,", "A cell has 10,000 characters"),
        (f"{'A' * 300},ama@example.org,Ghana,,,,,", "Name has 300 characters; at most 200 are allowed."),
        ("Ama \u202etxt,ama@example.org,Ghana,,,,,", "Name holds signs that cannot be kept"),
        ("Ama,ama@example.org,Ghana,,,,,,,more", "This row has 10 cells, but there are 8 headers"),
        ('Ama,"=HYPERLINK(""http://x"")",Ghana,,,,,', "E-mail: “=HYPERLINK"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(importer, row, reason):
    shown = importer.dry_run(f"{HEADERS}\n{row}\n")
    assert "Refused 1" in shown.text
    assert reason in shown.text
    assert shown.status == 200


def test_names_in_any_writing_and_formulas_stay_text(importer):
    rows = [
        "سارة الخطيب,sara@example.org,Jordan,وزارة الصحة,,,,ar",
        "=Ama+1,ama@example.org,GH,@NHS,,-,,",
        "A\0ma,a@example.org,GH,,,,,",
    ]
    shown = importer.dry_run("\n".join([HEADERS, *rows, ""]))
    assert "New 3" in shown.text
    importer.apply()
    assert set(db.scalars(select(Participant.name).where(Participant.user_id.is_(None)))) == {
        "سارة الخطيب",
        "=Ama+1",
        "Ama",
    }
    assert "Already there 3" in importer.dry_run("\n".join([HEADERS, *rows, ""])).text


def test_an_address_that_stands_twice_is_refused_with_its_lines(importer):
    rows = ["Ama,ama@example.org,GH,,,,,", "Kofi,kofi@example.org,GH,,,,,", "Ama B,AMA@example.org ,GH,,,,,"]
    shown = importer.dry_run("\n".join([HEADERS, *rows, ""]))
    assert "Refused 2" in shown.text
    assert shown.text.count("Lines 2 and 4 have the same address. Leave one of them.") == 2
    assert "New 1" in shown.text


def test_refused_rows_are_left_out_only_expressly_and_can_be_mended(importer):
    rows = ["Ama,ama@example.org,GH,,,,,", '"=cmd, Kofi",kofi@example.org,Gahna,,,,,']
    importer.dry_run("\n".join([HEADERS, *rows, ""]))
    refused = importer.send_apply()
    assert refused.status_code == 422
    assert "choose to leave them out" in Page(refused).text
    answer = importer.browser.get(f"{importer.here}refused.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="refused-rows.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    mended = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert mended[0][:4] == ["Why refused", "Line", "Name", "E-mail"]
    assert mended[1][1:5] == ["3", "'=cmd, Kofi", "kofi@example.org", "Gahna"]
    assert "Is it Ghana?" in mended[1][0]
    done = importer.apply(leave_out="y")
    assert "1 person was enrolled" in done.text
    assert "1 refused row was left out" in done.text
    importer.dry_run(answer.data.replace(b"Gahna", b"Ghana"))
    importer.apply()
    assert db.scalar(select(func.count()).select_from(Participant).where(Participant.user_id.is_(None))) == 2


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "people.csv", "“people.csv” is empty."),
        (b"%PDF-1.4 x", "people.csv", "is not a table but a PDF document"),
        (b"PK\x03\x04 broken", "people.xlsx", "“people.xlsx” is damaged"),
        (b"Name,E-mail\n", "people.csv", "but no rows below them"),
    ],
)
def test_what_is_no_table_is_refused_at_the_field(importer, content, name, sentence):
    answer = importer.upload(content, name)
    assert answer.status_code == 422
    assert sentence in Page(answer).text


def test_no_file_is_asked_for(importer):
    answer = importer.upload(b"", "")
    assert answer.status_code == 422
    assert "Choose a file." in Page(answer).text


def test_more_than_two_megabytes_are_taken_and_more_than_ten_are_not(importer):
    row = f"Ama,ama@example.org,GH,{'x' * 180},,,,\n"
    assert importer.upload(f"{HEADERS}\n" + row * 15_000).status_code == 303
    refused = importer.upload(b"x" * (11 * 1024 * 1024))
    assert refused.status_code == 413
    assert "Send less than 10 MB at a time." in Page(refused).text


def test_more_than_fifty_thousand_rows_fail_with_a_sentence(importer):
    importer.upload("Name,E-mail\n" + "a,b\n" * 50_001)
    importer.columns()
    importer.work()
    shown = importer.look()
    assert shown.title == "The dry run could not be made"
    assert "The table has more than 50,000 rows. Split it into several files." in shown.text


def test_the_template_has_headers_that_match(importer):
    answer = importer.browser.get(f"{importer.home}/template.csv")
    assert answer.data.decode("utf-8-sig").strip() == HEADERS
