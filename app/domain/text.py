"""Text compared without regard to accents, case and width."""

import unicodedata

# Letters that Unicode does not take apart into a base letter and an accent, and signs of many shapes,
# with what people type instead. Applied after case folding, so only the small ones are listed.
_SINGLE = str.maketrans("đðøłıħŧŋĸəɛɔɓɗɖƙƴƒ’‘ʼʻ`–—‐‑−", "ddolihtnkeeobddkyf" + "'" * 5 + "-" * 5)
_DOUBLE = str.maketrans({"æ": "ae", "œ": "oe", "þ": "th"})


def fold_text(text: str) -> str:
    """`text` for searching and sorting: no case, no accents, single spaces. Folding twice changes nothing."""
    taken_apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(letter for letter in taken_apart if not unicodedata.combining(letter))
    plain = bare.casefold().translate(_SINGLE).translate(_DOUBLE)
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def is_plain_line(text: str) -> bool:
    """Whether text has no line ends, no control characters, and nothing that turns round what follows it."""
    return not any(unicodedata.category(letter) == "Cc" or letter in "\u202d\u202e" for letter in text)
