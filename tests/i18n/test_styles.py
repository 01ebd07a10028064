"""The look: logical properties, tokens, no inline style or script, named placeholders, icons and files that exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.i18n.catalogues import extracted

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "dispatch" / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "mail" not in path.relative_to(ROOT / "templates").parts]
VENDORED = sorted(path for path in (STATIC / "vendor").iterdir() if path.is_dir())

PHYSICAL = re.compile(
    r"^(left|right|top|bottom|(min-|max-)?(width|height)"
    r"|(margin|padding|border|scroll-margin|scroll-padding)-(left|right|top|bottom)(-.*)?"
    r"|border-(top|bottom)-(left|right)-radius)$"
)
PHYSICAL_VALUE = re.compile(r"^(left|right)$")
DIRECTED = {"text-align", "float", "clear"}
PLACEHOLDER = re.compile(r"%(?P<form>\((?P<name>[a-z_]*)\)[sd]|%|.)")


def _bare(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def _declarations(css: str) -> Iterator[tuple[str, str]]:
    """Yield property and value of every declaration; data: addresses are cut, their text is no CSS."""
    text = re.sub(r"url\([^)]*\)", "url()", _bare(css))
    for block in re.findall(r"\{([^{}]*)\}", text):
        for part in block.split(";"):
            name, colon, value = part.partition(":")
            if colon:
                yield name.strip(), value.strip()


def _markup(template: str) -> str:
    """Return a template without Jinja's comments, which show examples."""
    return re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_style_sheets_use_logical_properties_only(sheet: Path) -> None:
    physical = [
        f"{name}: {value}"
        for name, value in _declarations(sheet.read_text())
        if PHYSICAL.match(name) or (name in DIRECTED and PHYSICAL_VALUE.match(value))
    ]

    assert physical == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_important_stands_only_beside_its_reason(sheet: Path) -> None:
    lines = [line for line in sheet.read_text().splitlines() if "!important" in line and "/*" not in line]

    assert lines == []


@pytest.mark.parametrize("sheet", [path for path in SHEETS if path.name != "tokens.css"], ids=lambda path: path.name)
def test_only_the_tokens_name_values_of_kern(sheet: Path) -> None:
    assert re.findall(r"var\(--kern-[a-z0-9-]+", _bare(sheet.read_text())) == []


@pytest.mark.parametrize(
    "sheet", [path for path in SHEETS if path.name not in {"tokens.css", "icons.css"}], ids=lambda path: path.name
)
def test_only_the_tokens_name_colours(sheet: Path) -> None:
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", _bare(sheet.read_text())) == []


def test_every_token_in_use_exists() -> None:
    text = "\n".join(_bare(sheet.read_text()) for sheet in SHEETS)
    defined = set(re.findall(r"(?<![\w-])(--[a-z][a-z0-9-]*)\s*:", text))
    used = set(re.findall(r"var\((--(?!kern-)[a-z0-9-]+)", text))

    assert sorted(used - defined) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_has_inline_style_script_or_handlers(page: Path) -> None:
    text = _markup(page.read_text())

    found = [
        *re.findall(r"\sstyle\s*=", text),
        *re.findall(r"<style\b", text),
        *re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text),
        *re.findall(r"\s(?:on[a-z]+|hx-on[:\w-]*)\s*=\s*[\"']", text),
        *re.findall(r"javascript:", text),
    ]

    assert found == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_load_nothing_from_elsewhere(template: Path) -> None:
    loaded = re.findall(
        r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=[\"']([^\"']+)", _markup(template.read_text())
    )

    assert [address for address in loaded if address.startswith(("http:", "https:", "//"))] == []


def test_texts_use_named_placeholders_only() -> None:
    unnamed = [
        text
        for message in extracted()
        for text in message.texts
        for found in PLACEHOLDER.finditer(text)
        if found["form"] != "%" and not found["name"]
    ]

    assert unnamed == []


def test_plurals_count_with_num() -> None:
    assert [
        message.texts for message in extracted() if len(message.texts) > 1 and "%(num)" not in message.texts[1]
    ] == []


def test_every_icon_named_in_a_template_exists() -> None:
    kern = (STATIC / "vendor" / "kern" / "kern.min.css").read_text()
    ours = (STATIC / "css" / "icons.css").read_text()
    source = (ROOT / "templates" / "macros" / "icons.html").read_text()
    listed = re.search(r"KERN_ICONS = \[(.*?)\]", source, flags=re.DOTALL)
    assert listed
    of_kern = re.findall(r'"([a-z-]+)"', listed[1])
    named = {
        name
        for template in TEMPLATES
        for name in re.findall(
            r"\b(?:icon|draw)\(\"([a-z-]+)\"|icon(?:_name)?=\"([a-z-]+)\"", _markup(template.read_text())
        )
        for name in name
        if name
    }

    assert [name for name in of_kern if f".kern-icon--{name}" not in kern] == []
    assert [name for name in sorted(named - set(of_kern)) if f".i-{name} " not in ours] == []


def test_every_file_that_a_template_names_exists() -> None:
    named = {
        address
        for template in TEMPLATES
        for address in re.findall(r"(?:filename=|style\()\"([\w./-]+\.\w+)\"", _markup(template.read_text()))
    }
    scripts = {
        f"js/{name}"
        for template in TEMPLATES
        for name in re.findall(r"\bscript\(\"([\w.-]+)\"\)", _markup(template.read_text()))
    }

    assert [address for address in sorted(named | scripts) if not (STATIC / address).is_file()] == []


def test_every_file_that_a_style_sheet_loads_exists() -> None:
    loaded = {
        (sheet.parent / address).resolve()
        for sheet in SHEETS
        for address in re.findall(r"url\(\"(?!data:)([^\"]+)\"\)", sheet.read_text())
    }

    assert [str(path) for path in sorted(loaded) if not path.is_file()] == []


@pytest.mark.parametrize("folder", VENDORED, ids=lambda path: path.name)
def test_vendored_parts_carry_version_and_licence(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    notice = (ROOT / "NOTICE").read_text()

    assert "VERSION" in names
    assert names & {"LICENSE", "LICENSE.md", "OFL.txt"}
    assert f"dispatch/static/vendor/{folder.name}" in notice


def test_the_mirrored_style_sheet_belongs_to_the_plain_one() -> None:
    kern = STATIC / "vendor" / "kern"
    plain, mirrored = (kern / "kern.min.css").read_text(), (kern / "kern.rtl.css").read_text()

    assert re.findall(r"\.kern-[a-z-]+", plain) == re.findall(r"\.kern-[a-z-]+", mirrored)
    assert plain != mirrored
