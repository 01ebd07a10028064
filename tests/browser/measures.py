"""Hold a page, loaded once, against axe and against its width, in two views of a covering design.

Rules of structure are measured in the first view; what depends on colour and width alone is measured again in the second,
on one of each kind of elements, for a row that looks like the row before it has its colours and its size.
"""

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

WIDTHS = (NARROWEST, 768, WIDEST)

_RUN = """async ([options, ofEachKind]) => {
    const alike = [];
    const kinds = new Map();
    const kindOf = (element) => {
        if (!kinds.has(element)) {
            const state = `${element.ariaCurrent}${element.ariaSelected}${element.disabled}${element.hidden}${element.checked}`;
            const parts = [...element.children].map(kindOf);
            kinds.set(element, `${element.localName}.${element.getAttribute("class")}${state}(${[...new Set(parts)]})`);
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
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}: ${node.failureSummary}`));
}"""
