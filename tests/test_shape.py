"""Measure the shape of the source: sizes, docstrings, names and the rooms at the top of the project.

Never looks at what the code does. An exception needs a line with its reason in `EXCEPTIONS`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
MOST_POSITIONAL = 5
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "data"}

TOP_LEVEL = {
    ".ci",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "NOTICE",
    "README.md",
    "SECURITY.md",
    "bench",
    "config.py",
    "dev",
    "dispatch",
    "docs",
    "migrations",
    "publiccode.yml",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements-uv.txt",
    "requirements.txt",
    "templates",
    "tests",
    "translations",
}
MADE_ON_THE_WAY = {
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
    "build",
    "dist",
    "instance",
}

EXCEPTIONS: dict[str, str] = {
    "migrations/versions/20261122_1700_first_tables.py": "all first tables at once: a list of statements, never edited",
}
"""Path, or path::function, to the reason why its size may pass the limit."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    rooms = ["dispatch", "tests", "migrations", "bench"]
    return [ROOT / "config.py", *sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


SAID_BY_A_PROTOCOL = frozenset({"rows", "typed", "parse", "dump", "load"})
"""The methods of the kinds of options: the protocol `Kind` says once what they do."""


def documented() -> list[Path]:
    return [path for path in sources() if name_of(path).startswith(("dispatch/", "config.py"))]


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, Function))


def exceeding(sizes: dict[str, int], limit: int) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if size > limit and name not in EXCEPTIONS}


def test_no_file_is_longer_than_300_lines() -> None:
    scripts = [ROOT / "dev", *sorted((ROOT / "templates").rglob("*.html"))]
    sizes = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in [*sources(), *scripts]}

    assert exceeding(sizes, LONGEST_FILE) == {}


def test_no_function_is_longer_than_50_lines() -> None:
    # A migration is a list of statements, not a function to follow.
    sizes = {
        f"{name_of(path)}::{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in sources()
        if not name_of(path).startswith("migrations/versions/")
        for function in functions(path)
    }

    assert exceeding(sizes, LONGEST_FUNCTION) == {}


def test_no_function_takes_more_than_five_positional_parameters() -> None:
    # In tests pytest hands fixtures over by name.
    counts = {
        f"{name_of(path)}::{function.name}": positional(function)
        for path in sources()
        if not name_of(path).startswith("tests/")
        for function in functions(path)
    }

    assert exceeding(counts, MOST_POSITIONAL) == {}


def positional(function: Function) -> int:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len(names[1:] if names[:1] in (["self"], ["cls"]) else names)


def test_every_module_has_a_docstring() -> None:
    assert [name_of(path) for path in sources() if not ast.get_docstring(ast.parse(path.read_bytes()))] == []


def test_every_public_function_has_a_docstring() -> None:
    missing = [
        f"{name_of(path)}::{function.name}"
        for path in documented()
        for function in public_functions(ast.parse(path.read_bytes()))
        if not ast.get_docstring(function)
    ]

    assert missing == []


def public_functions(tree: ast.Module | ast.ClassDef) -> Iterator[Function]:
    for node in tree.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not is_protocol(node):
            yield from (method for method in public_functions(node) if method.name not in SAID_BY_A_PROTOCOL)


def is_protocol(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)


def test_no_module_has_an_empty_word_as_its_name() -> None:
    assert [name_of(path) for path in sources() if EMPTY_WORDS & set(path.stem.split("_"))] == []


def test_the_top_of_the_project_holds_exactly_the_agreed_rooms() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.endswith(".egg-info")}

    assert found - MADE_ON_THE_WAY == TOP_LEVEL


@pytest.mark.parametrize("name", sorted(EXCEPTIONS) or [pytest.param("", id="none")])
def test_every_exception_is_still_there_and_has_a_reason(name: str) -> None:
    assert not name or ((ROOT / name.split("::", maxsplit=1)[0]).exists() and len(EXCEPTIONS[name]) > 20)
