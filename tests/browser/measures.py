"""Hold a page, loaded once, against axe and against its width, in two views.

All rules are measured in the first view; what depends on colours and width alone is measured again in the second. Of
rows that are built alike, one is measured, but for the first language, which measures every element.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
ALL_RULES = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},  # of WCAG 2.2; axe leaves it out unless told
    "resultTypes": ["violations"],
}
RULES_OF_A_VIEW = {"runOnly": ["color-contrast", "target-size"], "resultTypes": ["violations"]}

NARROWEST, WIDEST = 320, 1280
"""Where WCAG 1.4.10 still allows no sideways scroll: 1280 pixels at four times the size."""

BETWEEN = 768
HEIGHT = 800


class View(NamedTuple):
    """A width in pixels and a colour scheme."""

    width: int
    scheme: str

    def show(self, page: Page) -> None:
        """Show the page so."""
        page.emulate_media(color_scheme="dark" if self.scheme == "dark" else "light")
        page.set_viewport_size({"width": self.width, "height": HEIGHT})


class Look(NamedTuple):
    """A language with the view in which its pages are loaded, and the one to which they change."""

    language: str
    first: View
    second: View
    of_each_kind: bool = True


LOOKS = (
    Look("de", View(WIDEST, "light"), View(NARROWEST, "dark"), of_each_kind=False),
    Look("ar", View(NARROWEST, "dark"), View(WIDEST, "light")),
    Look("ti", View(WIDEST, "dark"), View(NARROWEST, "light")),
)
"""Between them each language is seen at both widths and in both schemes, and each width in both schemes."""

_RUN = """async ([options, ofEachKind]) => {
    const alike = [];
    const numbers = new Map();
    const kinds = new Map();
    const kindOf = (element) => {
        if (!kinds.has(element)) {
            const { ariaCurrent, ariaSelected, disabled, hidden, checked } = element;
            const parts = [...new Set([...element.children].map(kindOf))];
            const look = [element.getAttribute("class"), ariaCurrent, ariaSelected, disabled, hidden, checked];
            const written = `${element.localName}(${look})(${parts})`;
            if (!numbers.has(written)) numbers.set(written, numbers.size);
            kinds.set(element, numbers.get(written));
        }
        return kinds.get(element);
    };
    const visit = (element) => {
        const seen = new Set();
        for (const child of element.children) {
            const kind = kindOf(child);
            if (seen.has(kind)) alike.push(child);
            else visit(child);
            seen.add(kind);
        }
    };
    if (ofEachKind) visit(document.body);
    const found = await axe.run(alike.length ? { exclude: alike } : document, options);
    return found.violations.flatMap((rule) => rule.nodes.map((node) =>
        `${rule.id}: ${node.html}: ${node.failureSummary}`));
}"""


def prepare(context: BrowserContext) -> None:
    """Give every page of a browser the script of axe, once."""
    context.add_init_script(AXE_SCRIPT)


def examine(page: Page, look: Look) -> Iterator[tuple[View, list[str]]]:
    """Yield what is wrong in each view of a page that has been loaded in the first."""
    yield look.first, violations(page, of_each_kind=look.of_each_kind) + sideways(page)
    if look.first.width == WIDEST:
        yield View(WIDEST, f"{look.first.scheme}, text twice as large"), enlarged(page)
    between = View(BETWEEN, look.first.scheme)
    between.show(page)
    yield between, sideways(page)
    look.second.show(page)
    yield look.second, violations(page, RULES_OF_A_VIEW) + sideways(page)


def violations(page: Page, options: object = ALL_RULES, *, of_each_kind: bool = True) -> list[str]:
    """Return what axe finds; of elements beside each other that are built alike it is shown one."""
    found: list[str] = page.evaluate(_RUN, [options, of_each_kind])
    return found


def sideways(page: Page) -> list[str]:
    """Tell whether the page has to be scrolled sideways."""
    wide, room = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.getBoundingClientRect().width]"
    )
    return [f"sideways: {wide} in {room}"] if wide > room else []


def enlarged(page: Page) -> list[str]:
    """Tell whether the page has to be scrolled sideways when its text is twice as large."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found = sideways(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def note(place: str, look: Look, view: View, found: list[str]) -> None:
    """Add a line to the table of AXE_TABLE, if somebody wants one: place, language, width, scheme, findings."""
    if table := os.environ.get("AXE_TABLE"):
        with Path(table).open("a", encoding="utf-8") as lines:
            lines.write(f"{place}\t{look.language}\t{view.width}\t{view.scheme}\t{len(found)}\n")
