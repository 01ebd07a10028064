"""In which of the asked modes somebody would come."""

import pytest

from dispatch.domain.modes import Mode, mode_offered

ON_SITE, PHONE, VIDEO = Mode


@pytest.mark.parametrize(
    ("offered", "asked", "expected"),
    [
        ({ON_SITE, PHONE}, (ON_SITE, PHONE), ON_SITE),
        ({PHONE, VIDEO}, (ON_SITE, VIDEO, PHONE), VIDEO),
        ({PHONE}, (ON_SITE,), None),
        (set(), (ON_SITE,), None),
    ],
    ids=["wanted", "first fallback", "not asked", "nothing offered"],
)
def test_the_first_asked_mode_that_is_offered_holds(
    offered: set[Mode], asked: tuple[Mode, ...], expected: Mode | None
) -> None:
    assert mode_offered(offered, asked) is expected
