"""The fonts of the pages: each letter of our languages has a part that holds it, and no script loads another's."""

import re
from typing import NamedTuple

import pytest

from dispatch.web.files import SHELF

FACES = re.findall(r"@font-face\s*\{(.*?)\}", (SHELF / "css/fonts.css").read_text(), flags=re.DOTALL)


class Face(NamedTuple):
    """A part of a font: its family, and the letters for which a browser loads it."""

    family: str
    ranges: list[tuple[int, int]]

    def holds(self, letter: str) -> bool:
        return any(first <= ord(letter) <= last for first, last in self.ranges)


def face(text: str) -> Face:
    family = re.search(r'font-family: "?([^";]+)', text)
    spans = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", text)
    assert family
    return Face(family[1], [(int(first, 16), int(last or first, 16)) for first, last in spans])


def families(letter: str) -> set[str]:
    return {one.family for one in map(face, FACES) if one.holds(letter)}


@pytest.mark.parametrize(
    ("letters", "wanted"),
    [
        pytest.param("äöüßÄÖÜ„“–", {"Fira Sans"}, id="German"),
        pytest.param("çêîşûğıİŞ", {"Fira Sans"}, id="Turkish and Kurmanji"),
        pytest.param("ăâđêôơưẢạằỗợữỷỸ₫", {"Fira Sans"}, id="Vietnamese"),
        pytest.param("жщъыэёіїєґҐ№", {"Fira Sans"}, id="Russian and Ukrainian"),
        pytest.param("عربيپچژگټډړښۍ؟", {"Vazirmatn", "Arabic at hand"}, id="Arabic, Persian and Pashto"),
        pytest.param("ትግርኛሰላም፡።", {"Noto Sans Ethiopic", "Ethiopic at hand"}, id="Tigrinya"),
    ],
)
def test_every_letter_has_a_font_of_its_script(letters: str, wanted: set[str]) -> None:
    assert {letter: found for letter in letters if (found := families(letter)) != wanted} == {}


def test_text_is_read_before_its_font_has_arrived() -> None:
    assert [one for one in FACES if "font-display: swap" not in one or "unicode-range" not in one] == []
