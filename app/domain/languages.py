"""What languages are called, in English."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=512)
def language_name(code: str) -> str:
    """`English`, `Brazilian Portuguese` of a tag such as `en`, `pt-BR`; the tag itself if nobody named it."""
    english = Locale("en")
    try:
        locale = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return str(english.languages.get(code.partition("-")[0].lower(), code))
    if locale.territory:
        joined = f"{locale.language}_{locale.territory}"
        if joined in english.languages:
            return str(english.languages[joined])
    return locale.get_display_name("en") or code


REGIONAL = ("es-419", "pt-BR", "zh-Hans", "zh-Hant")
"""Besides the languages themselves: forms of some that are written differently."""


@lru_cache(maxsize=1)
def languages() -> tuple[tuple[str, str], ...]:
    """(tag, English name) of the languages to choose from, by name."""
    known = [str(code) for code in Locale("en").languages]
    two_letters = [code for code in known if len(code) == 2]
    named = [(code, language_name(code)) for code in (*two_letters, "fil", *REGIONAL)]
    return tuple(sorted(named, key=lambda row: row[1].casefold()))
