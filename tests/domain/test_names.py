"""Names in any script are kept as their bearers write them; what turns a line around or cannot be seen is refused."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import pytest

from dispatch.domain import intake, mediator_checks, organisations, providers, request_checks, users
from dispatch.domain.errors import Invalid
from dispatch.domain.intake import TypedIntake
from dispatch.domain.organisations import OrganisationContext, TypedOrganisation
from dispatch.domain.programs import Scope, check_token
from dispatch.domain.providers import TypedProvider
from dispatch.domain.second_factors import check_name
from tests.domain.bookings import CONTEXT, NOW, typed
from tests.domain.pool import PLACES
from tests.domain.test_mediator_checks import CONTEXT as POOL
from tests.domain.test_mediator_checks import LEAST, TODAY
from tests.domain.test_users import TYPED as USER

UNITS = OrganisationContext(parents={}, resting=(), own=None, settings=(), mediators=(), places=PLACES)
UNIT = TypedOrganisation(name="Schule", kind="school", phone="+493521000300")
PROVIDER = TypedProvider("Pool Nord", "neighbouring_pool", "+4935211234", languages=("so",))

Keep = Callable[[str], str | None]

FIELDS: dict[str, Keep] = {
    "mediator": lambda name: mediator_checks.check(replace(LEAST, name=name), POOL, TODAY).name,
    "mediator as called": lambda name: mediator_checks.check(replace(LEAST, call_name=name), POOL, TODAY).call_name,
    "user": lambda name: users.check_user(replace(USER, name=name), areas=["Riesa"], today=TODAY).name,
    "unit": lambda name: organisations.check(replace(UNIT, name=name), UNITS).name,
    "contact of a unit": lambda name: organisations.check(replace(UNIT, contact_name=name), UNITS).contact_name,
    "contact of a request": lambda name: (
        request_checks.check(typed(contact_name=name, contact_phone="+493521000300"), CONTEXT, NOW).contact_name
    ),
    "caller": lambda name: intake.check(TypedIntake(caller_name=name), PLACES).caller_name,
    "provider": lambda name: providers.check(replace(PROVIDER, name=name), ["so"]).name,
    "second factor": check_name,
    "token": lambda name: check_token(name, [Scope.READ], None, NOW).name,
}

NAMES = {
    "Arabic": "عبد الرّحمن الأحمد",
    "Hebrew with points": "שָׂרָה כֹּהֵן",
    "Vietnamese": "Nguyễn Thị Ánh Tuyết",
    "Tigrinya": "ገብረመድህን ኣስመሮም",
    "Persian with a joiner": "علی\u200cرضا",
    "apostrophes and hyphens": "O’Neill-Ñáñez",
}

REFUSED = [*range(0x09), *range(0x0A, 0x20), 0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029]
"""Controls but for the tab, which is a blank; embeddings, overrides and isolates; separators of lines."""

DROPPED = [0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF]
"""What copying from a page or a table brings along: the name is kept, the mark is not."""


@pytest.mark.parametrize("keep", FIELDS.values(), ids=FIELDS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_kept_in_nfc(keep: Keep, form: Literal["NFC", "NFD"], name: str) -> None:
    assert keep(unicodedata.normalize(form, name)) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("keep", FIELDS.values(), ids=FIELDS)
def test_signs_that_turn_a_line_or_control_a_terminal_are_refused(keep: Keep) -> None:
    refused = {}
    for code in REFUSED:
        with pytest.raises(Invalid) as invalid:
            keep(f"Anna{chr(code)}Meier")
        refused[code] = set(invalid.value.errors.values())

    assert refused == {code: {("control_characters",)} for code in REFUSED}


@pytest.mark.parametrize("keep", FIELDS.values(), ids=FIELDS)
def test_marks_that_cannot_be_seen_are_not_kept(keep: Keep) -> None:
    assert [keep(f"An{chr(code)}na Meier") for code in DROPPED] == ["Anna Meier"] * len(DROPPED)
