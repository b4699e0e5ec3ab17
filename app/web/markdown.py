"""Authors' Markdown to safe HTML."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {
    "p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre", "h3", "h4", "h5", "hr",
    "table", "thead", "tbody", "tr", "th", "td", "s",
}  # fmt: skip

_EMPTY_LINK = re.compile(r"<a\b[^>]*>\s*</a>")

_parser = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})


@lru_cache(maxsize=2048)
def markdown(text: str) -> Markup:
    """HTML of a Markdown text. Headings step down to h3 and below; nothing that runs or loads survives."""
    html = _parser.render(text)
    for level in (3, 2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    clean = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
    return Markup(clean)  # noqa: S704  # nh3 has just cleaned it


def links_without_text(text: str) -> bool:
    """Whether a Markdown text has a link that nobody can see or hear."""
    return _EMPTY_LINK.search(markdown(text)) is not None
