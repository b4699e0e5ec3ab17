"""Text compared without regard to accents, case and width."""

import unicodedata

# Letters that Unicode does not take apart into a base letter and an accent, and that people without them on
# their keyboard type otherwise. Applied after case folding, so only the small ones are listed.
_UNDIVIDED = str.maketrans({
    "đ": "d", "ð": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ĸ": "k", "ß": "ss", "ə": "e", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ƒ": "f", "ɖ": "d",
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "`": "'", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
})  # fmt: skip


def fold_text(text: str) -> str:
    """`text` for searching and sorting: no case, no accents, single spaces. Folding twice changes nothing."""
    taken_apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in taken_apart if not unicodedata.combining(letter)).translate(_UNDIVIDED)
    return " ".join(unicodedata.normalize("NFKC", bare.casefold()).split())
