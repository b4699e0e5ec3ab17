import pytest

from app.sheets.headers import Field, match, missing

NAME = Field("full_name", "Name", ("Full name", "Nom complet", "Nombre"), required=True)
EMAIL = Field("email", "E-mail", ("Email address", "Adresse e-mail", "Correo", "Courriel"), required=True)
COUNTRY = Field("country", "Country", ("Pays", "País"))
ORGANISATION = Field("organisation", "Organisation", ("Organization", "Institution", "Employer"))
FIELDS = (NAME, EMAIL, COUNTRY, ORGANISATION)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("E-mail", "email"),
        ("e mail", "email"),
        ("  EMAIL:", "email"),
        ("E-Mail-Address", "email"),
        ("Adresse e-mail", "email"),
        ("Correo", "email"),
        ("email address (required)", "email"),
        ("Participant’s e-mail", "email"),
        ("full_name", "full_name"),
        ("Full-Name *", "full_name"),
        ("PAIS", "country"),
        ("Organisaton", "organisation"),
        ("ORGANIZATION", "organisation"),
    ],
)
def test_a_header_is_matched_loosely(header, name):
    assert match([header], FIELDS) == {name: 0}


@pytest.mark.parametrize("header", ["", "?", "Notes", "Mail", "Phone", "名前", "Na"])
def test_a_header_that_means_something_else_is_left(header):
    assert match([header], FIELDS) == {}


def test_the_best_column_wins_and_serves_one_field():
    headers = ["No.", "Country of birth", "Country", "Full name", "Correo", "Employer"]
    assert match(headers, FIELDS) == {"country": 2, "full_name": 3, "email": 4, "organisation": 5}


def test_two_columns_as_good_are_left_to_the_person():
    assert match(["First name", "Last name", "Email"], FIELDS) == {"email": 2}


def test_a_column_that_two_fields_claim_serves_neither():
    assert match(["Country, organisation"], FIELDS) == {}


def test_what_is_missing():
    assert missing(match(["Nom complet", "Pays"], FIELDS), FIELDS) == [EMAIL]
    assert missing(match(["Nombre", "Courriel"], FIELDS), FIELDS) == []
