"""Names of zones: which may be chosen, which old names were renamed, and the city each stands for."""

from functools import cache

from babel.core import Locale, get_global

from app.domain.zone_data import UnknownZone, source_text

UTC = "Etc/UTC"

# CLDR also files zones under another place or under a bare rule when clocks agree (South Pole → Auckland, EST →
# Panama). That is a link, not a renaming: whoever chose it would find himself somewhere else.
_NOT_A_RENAMING = frozenset({
    "Antarctica/South_Pole", "Atlantic/Jan_Mayen", "Pacific/Johnston", "Pacific/Yap", "Factory",
    "CET", "MET", "EET", "WET", "EST", "MST", "HST", "CST6CDT", "EST5EDT", "MST7MDT", "PST8PDT",
})  # fmt: skip

# The city people say, where the zone is named after an island or written without its accents.
_CITIES = {
    UTC: "UTC",
    "America/Araguaina": "Araguaína", "America/Argentina/Cordoba": "Córdoba", "America/Argentina/Rio_Gallegos": "Río Gallegos",
    "America/Argentina/Tucuman": "Tucumán", "America/Belem": "Belém", "America/Bogota": "Bogotá", "America/Cuiaba": "Cuiabá",
    "America/Eirunepe": "Eirunepé", "America/Maceio": "Maceió", "America/Mazatlan": "Mazatlán",
    "America/Port-au-Prince": "Port-au-Prince", "America/Santarem": "Santarém", "America/Sao_Paulo": "São Paulo",
    "Africa/Lome": "Lomé", "Africa/Ndjamena": "N’Djamena", "Africa/El_Aaiun": "El Aaiún",
    "Europe/Chisinau": "Chișinău", "Indian/Mahe": "Victoria, Mahé", "Indian/Mauritius": "Port Louis",
    "Indian/Maldives": "Malé", "Indian/Comoro": "Moroni", "Indian/Antananarivo": "Antananarivo", "Indian/Mayotte": "Mamoudzou",
    "Pacific/Efate": "Port Vila", "Pacific/Fiji": "Suva", "Pacific/Guadalcanal": "Honiara", "Pacific/Tongatapu": "Nuku’alofa",
    "Pacific/Palau": "Ngerulmud", "Pacific/Tahiti": "Papeete", "America/Barbados": "Bridgetown", "America/Jamaica": "Kingston",
    "America/Puerto_Rico": "San Juan", "America/Martinique": "Fort-de-France", "America/Guadeloupe": "Basse-Terre",
    "America/Grenada": "St. George’s", "America/Antigua": "St. John’s, Antigua", "America/Dominica": "Roseau",
    "America/El_Salvador": "San Salvador", "America/Costa_Rica": "San José", "Atlantic/Bermuda": "Hamilton",
    "Atlantic/Cape_Verde": "Praia", "Atlantic/Faroe": "Tórshavn", "Atlantic/Canary": "Canary Islands", "Atlantic/Azores": "Azores",
}  # fmt: skip


@cache
def zones_with_countries() -> dict[str, str]:
    """Every zone that may be chosen, with the code of its country, in the order of the database's own table."""
    rows = (line.split("\t") for line in source_text("zone.tab").splitlines() if line and not line.startswith("#"))
    return {row[2].strip(): row[0] for row in rows}


@cache
def renamings() -> dict[str, str]:
    """Old names to the names in use, by CLDR's table of zone aliases. Africa/Accra, a link of the database, stays itself."""
    known = zones_with_countries()
    aliases = dict(get_global("zone_aliases"))
    return {
        old: new
        for old, new in aliases.items()
        if (new in known or new == UTC) and old not in known and old not in _NOT_A_RENAMING
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
    return {new: old for old, new in renamings().items() if "/" in old and old.split("/")[0] == new.split("/")[0]}


@cache
def city(zone: str) -> str:
    """The city a zone is called after: `Buenos Aires`, `Ho Chi Minh City`, `Bogotá`."""
    if zone in _CITIES:
        return _CITIES[zone]
    spoken = Locale("en").time_zones
    for name in (zone, _old_names().get(zone, "")):
        if "city" in spoken.get(name, {}):
            return str(spoken[name]["city"])
    return zone.rpartition("/")[2].replace("_", " ")
