"""What a table of people may hold, and what is chosen about it as a whole."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from app.sheets.headers import Field

NAME = Field(
    "name", "Name",
    ("Full name", "Participant", "Nom", "Nom complet", "Nombre", "Nome", "Nombre completo"),
    required=True,
)  # fmt: skip
EMAIL = Field(
    "email", "E-mail",
    ("Email address", "E-mail address", "Mail", "Courriel", "Adresse e-mail", "Correo electrónico", "Correo"),
    required=True,
)  # fmt: skip
FIELDS = (
    NAME,
    EMAIL,
    Field("country", "Country", ("Country name", "Country code", "Nationality", "Pays", "País")),
    Field(
        "organisation", "Organisation",
        ("Organization", "Institution", "Employer", "Affiliation", "Company", "Organización", "Organização"),
    ),
    Field("group", "Stakeholder group", ("Stakeholder", "Stakeholder type", "Sector", "Constituency")),
    Field("cadre", "Cadre", ("Profession", "Job title", "Position", "Post", "Fonction", "Métier")),
    Field("zone", "Time zone", ("Timezone", "Zone", "TZ", "City", "Fuseau", "Zona horaria")),
    Field("language", "Language", ("Preferred language", "Langue", "Idioma", "Lang")),
)  # fmt: skip
LABELS = {field.name: field.label for field in FIELDS}

LONGEST_KEPT = 1_000
"""Characters of a cell that the dry run keeps; what is longer is refused anyway."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What holds for all rows of a table."""

    all_sessions: bool = False
    """Who is new takes a place in every session, now and when one is added."""
    tell: bool = False
    """Who is new is told by mail."""
    guess_zone: bool = False
    """Where neither time zone nor country settles the zone: the country's chief one, else the journey's."""
    again: bool = False
    """People who left or were declined are enrolled again."""

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """As an import keeps them."""
        return cls(**{one.name: bool(options.get(one.name)) for one in fields(cls)})

    def as_options(self) -> dict[str, bool]:
        return asdict(self)
