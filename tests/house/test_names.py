"""The noun is LearningSession, in full; `db` is the SQLAlchemy session; files are named after ideas."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORBIDDEN = {"session", "Session", "session_", "sess"}
FORBIDDEN_FILES = {"utils", "helpers", "common", "manager", "service", "services", "misc"}


def sources() -> list[Path]:
    found = [ROOT / "wsgi.py"]
    for folder in ("app", "seeds", "tests", "bench"):
        found += sorted((ROOT / folder).rglob("*.py"))
    return found


def names_made(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that the code itself gives to something."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.alias(name=name, asname=given):
                yield given or name.split(".")[-1], node.lineno
            case ast.ExceptHandler(name=str(name)):
                yield name, node.lineno


def test_no_forbidden_identifiers():
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sources()
        for name, line in names_made(ast.parse(path.read_text(encoding="utf-8")))
        if name in FORBIDDEN
    ]
    assert found == []


def test_the_search_would_find_one():
    planted = "from flask import session\ndef f(sess): Session = 1\nfor session_ in (): pass\n"
    assert [name for name, _ in names_made(ast.parse(planted)) if name in FORBIDDEN] != []
    assert {name for name, _ in names_made(ast.parse(planted))} >= FORBIDDEN


def test_no_files_named_after_nothing():
    assert [path for path in sources() if path.stem in FORBIDDEN_FILES] == []


def test_files_and_functions_stay_short():
    too_long = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if len(text.splitlines()) > 330:
            too_long.append(f"{path.relative_to(ROOT)}: {len(text.splitlines())} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > 40:
                    too_long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines} lines")
    assert too_long == []
