from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(
    path.relative_to(ROOT / "templates").as_posix()
    for path in (ROOT / "templates").rglob("*")
    if path.suffix in {".html", ".txt", ".xml", ".svg"}
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(app, name):
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_inline_script_or_style(name):
    """The content security policy would refuse them silently."""
    text = (ROOT / "templates" / name).read_text(encoding="utf-8")
    assert "style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text
    assert "javascript:" not in text
    assert "<script>" not in text
