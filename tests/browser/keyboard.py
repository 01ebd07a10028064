"""Somebody without a mouse: every stop of the tab key is seen, in sight, and never the page as a whole."""

from playwright.sync_api import Page, expect

from tests.browser.walks import PASSWORD, Walk

MOST_STOPS = 120

_LOOK = """() => {
    const seen = ["outline", "boxShadow", "borderColor", "backgroundColor", "textDecoration", "borderWidth"];
    window.lookOf = (element) => {
        const about = [[element], [element, "::before"], [element, "::after"], [element.parentElement]];
        if (element.nextElementSibling) about.push([element.nextElementSibling]);
        const looks = about.map((one) => getComputedStyle(...one));
        return looks.map((look) => seen.map((name) => look[name]).join("|")).join("/");
    };
    window.unfocused = new WeakMap();
    window.rememberLooks = () => {
        for (const one of document.querySelectorAll("a, button, input, select, textarea, summary, [tabindex]")) {
            if (one === document.activeElement || window.unfocused.has(one)) continue;
            window.unfocused.set(one, window.lookOf(one));
        }
    };
}"""

_STOP = """async () => {
    await new Promise(requestAnimationFrame);
    const here = document.activeElement;
    if (here === document.body || here === null) return { where: "", isSeen: false, isInSight: false };
    const { left, right, top, bottom } = here.getBoundingClientRect();
    const known = window.unfocused.get(here);
    const { outlineStyle, outlineWidth } = getComputedStyle(here);
    const isSeen = known ? known !== window.lookOf(here) : outlineStyle !== "none" && outlineWidth !== "0px";
    const parts = [0.1, 0.5, 0.9];
    const points = parts.flatMap((x) => parts.map((y) => [x, y]));
    const isInSight = points.some(([x, y]) => {
        const there = document.elementFromPoint(left + x * (right - left), top + y * (bottom - top));
        return there && (here.contains(there) || there.contains(here) || there.closest("label")?.control === here);
    });
    return { where: here.outerHTML.slice(0, 120), isSeen, isInSight, box: [left, top, right, bottom] };
}"""


class Keys:
    """One page by keyboard; `lost` collects every stop that could not be seen."""

    def __init__(self, walk: Walk, page: Page) -> None:
        self.page, self._walk = page, walk
        self.lost: list[str] = []
        self._begin()

    def _begin(self) -> None:
        self.page.evaluate(_LOOK)
        self.page.evaluate("window.rememberLooks()")

    def open(self, path: str) -> None:
        """Go to a page by its address."""
        self.page.goto(self._walk.service.url + path)
        self._begin()

    def to(self, selector: str, *, back: bool = False) -> None:
        """Press the tab key until the element has the focus; note each stop that is not seen on the way."""
        for _ in range(MOST_STOPS):
            self.page.evaluate("window.rememberLooks()")
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            self.stop()
            if self.has(selector):
                return
        raise AssertionError(f"not reached by tab: {selector}")

    def stop(self) -> None:
        """Look at where the focus is."""
        found = self.page.evaluate(_STOP)
        if not (found["isSeen"] and found["isInSight"]):
            self.lost.append(str(found))

    def has(self, selector: str) -> bool:
        """Tell whether the focus is there."""
        return bool(self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector))

    def type(self, words: str) -> None:
        """Write into the field in focus, over what stood there."""
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)

    def pick(self, value: str) -> None:
        """Walk through the choices of a select with the arrow keys."""
        for _ in range(MOST_STOPS):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no such choice: {value}")

    def press(self, key: str) -> None:
        """Press a key that changes this page."""
        self.page.keyboard.press(key)

    def go(self, key: str = "Enter") -> None:
        """Press a key that leads to another page, and hold that page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self._walk.check(self.page)
        self._begin()

    def sign_in(self, email: str) -> None:
        """Sign in from the first page on."""
        self.open(f"/login?lang={self._walk.language}")
        self.to("[name=email]")
        self.type(email)
        self.to("[name=password]")
        self.type(PASSWORD)
        self.go()


def is_described(page: Page, selector: str) -> None:
    """Hold a field at fault against what a screen reader needs: it is invalid, and what describes it has words."""
    field = page.locator(selector)
    expect(field).to_have_attribute("aria-invalid", "true")
    words = field.evaluate(
        """(field) => field.getAttribute("aria-describedby").split(" ")
            .map((id) => document.getElementById(id).textContent.trim())"""
    )
    assert all(words)
