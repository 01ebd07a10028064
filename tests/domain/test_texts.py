"""What typed text is kept: NFC, nothing invisible, nothing that turns lines around."""

import pytest

from dispatch.domain.texts import Cleaned, clean_line, clean_prose, mixes_scripts, split_list


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  Anna   Meier ", "Anna Meier"),
        ("Mu\u0308ller", "Müller"),
        ("Anna\u00a0Meier\tGrün", "Anna Meier Grün"),
        ("An\u200bna\ufeff", "Anna"),
        ("Mei\u00adßen", "Meißen"),
        ("\u200fعلي\u200e", "علي"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("", ""),
    ],
    ids=["blanks", "decomposed", "other blanks", "zero width", "soft hyphen", "marks", "Persian joiner", "empty"],
)
def test_a_line_is_cleaned(raw: str, kept: str) -> None:
    assert clean_line(raw, 50) == Cleaned(kept, ())


@pytest.mark.parametrize(
    "raw",
    ["a\x00b", "a\x1b[2J", "a\nb", "a\r\nBcc: x", "a\x0bb", "a\x85b", "a\u2028b", "a\u202eb", "a\u2066b",
     "a\ud800b", "a\ufffeb", "a\U0001ffffb", "a\U000e0041b", "a\x7fb"],
    ids=["NUL", "escape", "LF", "CR LF", "VT", "NEL", "line separator", "override", "isolate",
         "surrogate", "noncharacter", "noncharacter of plane 1", "tag", "DEL"],
)  # fmt: skip
def test_a_line_with_controls_is_refused_as_typed(raw: str) -> None:
    assert clean_line(raw, 50) == Cleaned(raw, ("control_characters",))


def test_prose_keeps_its_lines() -> None:
    assert clean_prose(" eins \r\nzwei\rdrei\n\n", 50) == Cleaned("eins\nzwei\ndrei", ())


@pytest.mark.parametrize("control", ["\x00", "\x0b", "\u2029", "\u202a", "\u2069"])
def test_prose_with_controls_is_refused(control: str) -> None:
    assert clean_prose(f"a{control}b", 50).codes == ("control_characters",)


@pytest.mark.parametrize(("length", "codes"), [(500, ()), (501, ("too_long",))], ids=["at the limit", "beyond it"])
def test_length_counts_characters_after_cleaning(length: int, codes: tuple[str, ...]) -> None:
    assert clean_prose("ü" * length + " \n", 500).codes == codes
    assert clean_line("u\u0308" * length + "  ", 500).codes == codes


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("Anna", False),
        ("\u0410nna", True),
        ("Анна", False),
        ("Anna Анна", False),
        ("Ελένη", False),
        ("p\u03bfst", True),
        ("علي Ali", False),
        ("中文Tee", False),
    ],
    ids=["Latin", "Cyrillic A", "Cyrillic", "two words", "Greek", "Greek o", "Arabic beside Latin", "Chinese"],
)
def test_look_alike_scripts_in_one_word_are_seen(text: str, mixed: bool) -> None:
    assert mixes_scripts(text) is mixed


@pytest.mark.parametrize(
    ("typed", "entries"),
    [
        ("Herati, Kabuli", ("Herati", "Kabuli")),
        ("Herati; Kabuli", ("Herati", "Kabuli")),
        ("هراتی، کابلی", ("هراتی", "کابلی")),
        ("مصري؛ شامي", ("مصري", "شامي")),
        ("ትግራይ፣ ኤርትራ", ("ትግራይ", "ኤርትራ")),
        ("ትግራይ፤ኤርትራ", ("ትግራይ", "ኤርትራ")),
        (" ,Herati,, ;", ("Herati",)),
        ("", ()),
    ],
    ids=["comma", "semicolon", "Arabic comma", "Arabic semicolon", "Ethiopic comma", "Ethiopic semicolon",
         "empty entries", "nothing"],
)  # fmt: skip
def test_a_typed_list_is_split_at_the_marks_of_its_script(typed: str, entries: tuple[str, ...]) -> None:
    assert split_list(typed) == entries
