"""The sentences of letters, found in the code.

`python -m tests.notices.sentences` brings the catalogues up to date; what has no translation yet is listed.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.notices.language import CATALOGUES

NOTICES = Path(__file__).parents[2] / "app" / "notices"
KEYWORDS = {"_": None, "n": (1, 2)}


def found() -> Catalog:
    """Every sentence that a letter may say, with the modules that say it."""
    catalog = Catalog(project="Meridian", fuzzy=False)
    each = extract_from_dir(NOTICES, [("**.py", "python")], keywords=KEYWORDS)
    for module, _line, sentence, _comments, _context in sorted(each, key=lambda one: (one[0], one[1])):
        catalog.add(sentence, locations=[(module, 0)])
    return catalog


def kept(code: str) -> Catalog:
    """The catalogue of a language as it is."""
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def texts(said: object) -> list[str]:
    """All the texts a message has, in English or translated."""
    return [str(one) for one in said] if isinstance(said, (list, tuple)) else [str(said or "")]


def main() -> int:
    wanted, missing = found(), 0
    for path in sorted(CATALOGUES.glob("*.po")):
        catalog = kept(path.stem)
        begun = catalog.creation_date
        catalog.update(wanted, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.creation_date = begun
        catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = "Meridian"
        with path.open("wb") as file:
            write_po(file, catalog, width=110, omit_header=False, sort_by_file=True, include_lineno=False)
        for message in catalog:
            if message.id and not all(texts(message.string)):
                missing += 1
                print(f"{path.stem}: {message.id!r}")
    print(f"{len(wanted)} sentences, {missing} without a translation.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
