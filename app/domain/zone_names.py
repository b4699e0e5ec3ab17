"""Names of zones: which may be chosen, which old names were renamed, and the city each stands for."""

from functools import cache

from babel.core import Locale, get_global

from app.domain.zone_data import UnknownZone, source_text
from app.domain.zone_tables import CITIES, NOT_A_RENAMING

UTC = "Etc/UTC"


def zone_rows() -> list[list[str]]:
    """The rows of the database's table of zones: country, coordinates, zone and sometimes a remark."""
    lines = source_text("zone.tab").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@cache
def zones_with_countries() -> dict[str, str]:
    """Every zone that may be chosen, with the code of its country, in the order of the database."""
    return {row[2]: row[0] for row in zone_rows()}


@cache
def renamings() -> dict[str, str]:
    """Old names to the names in use, by CLDR's table of zone aliases. Africa/Accra, a link of the database,
    stays itself.
    """
    known = zones_with_countries()
    aliases = dict(get_global("zone_aliases"))
    return {
        old: new
        for old, new in aliases.items()
        if (new in known or new == UTC) and old not in known and old not in NOT_A_RENAMING
    }


def canonical(name: str) -> str:
    """The name to store for a zone that somebody chose: as chosen, or the new name of a renamed one.

    Links of the zone database are never followed. Raises UnknownZone for anything else.
    """
    name = name.strip()
    if name in zones_with_countries() or name == UTC:
        return name
    if name in renamings():
        return renamings()[name]
    raise UnknownZone(name)


@cache
def _old_names() -> dict[str, str]:
    """The zone that CLDR keeps a city under, where it still uses the older name."""
    spoken = Locale("en").time_zones
    return {new: old for old, new in renamings().items() if "city" in spoken.get(old, {})}


@cache
def city(zone: str) -> str:
    """The city a zone is called after: `Buenos Aires`, `Ho Chi Minh City`, `Bogotá`."""
    if zone in CITIES:
        return CITIES[zone]
    spoken = Locale("en").time_zones
    for name in (zone, _old_names().get(zone, "")):
        if "city" in spoken.get(name, {}):
            return str(spoken[name]["city"])
    return zone.rpartition("/")[2].replace("_", " ")
