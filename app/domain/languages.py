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
