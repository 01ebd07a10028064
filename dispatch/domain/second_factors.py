"""Decide who needs a second factor, when the proof of one is fresh, and which codes count.

It never computes or compares a secret: which code belongs to a step of time is the service's to know.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.domain.findings import Findings
from dispatch.domain.permissions import Role

STAFF = frozenset({Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.OBSERVER, Role.ADMINISTRATOR})
"""Who sees more than the own talks; offices and mediators may have a second factor and never must."""

PROOF_LASTS = timedelta(minutes=5)
STEP_LASTS = timedelta(minutes=10)
"""How long one has between the password and the second factor, and to set a factor up."""

MOST_FACTORS = 10
LONGEST_NAME = 60
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 signs: none is taken for another. 16 of them are 80 bits, too many to be guessed by anybody."""
RECOVERY_SIGNS = 16
_RECOVERY_GROUP = 4
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", "–": "", ".": ""})

TIME_STEP = timedelta(seconds=30)
TIME_CODE_DIGITS = 6
_WINDOW = (0, -1, 1)
"""A clock may be one step behind or ahead (RFC 6238, 5.2)."""


class FactorKind(StrEnum):
    """What a person proves besides the password."""

    PASSKEY = "passkey"
    TOTP = "totp"


class FactorRule(StrEnum):
    """Whether staff must have a second factor."""

    ADVISED = "factor_advised"
    REQUIRED = "factor_required"


class FactorChange(StrEnum):
    """What the owner of an account is told of by mail."""

    PASSKEY_ADDED = "passkey_added"
    TOTP_ADDED = "totp_added"
    REMOVED = "removed"
    CODES_RENEWED = "codes_renewed"
    CODE_USED = "code_used"
    RESET = "reset"


ADDED = {FactorKind.PASSKEY: FactorChange.PASSKEY_ADDED, FactorKind.TOTP: FactorChange.TOTP_ADDED}


@dataclass(frozen=True)
class FactorOptions:
    """What the district sets about second factors."""

    staff: FactorRule = FactorRule.ADVISED


DEFAULT = FactorOptions()


def is_advised(role: Role) -> bool:
    """Tell whether people of this role are advised to have a second factor."""
    return role in STAFF


def must_set_up(role: Role, has_factor: bool, options: FactorOptions = DEFAULT) -> bool:
    """Tell whether somebody gets nowhere before a second factor is set up."""
    return options.staff is FactorRule.REQUIRED and role in STAFF and not has_factor


def may_remove(role: Role, factors: int, options: FactorOptions = DEFAULT) -> bool:
    """Tell whether one of so many factors may go; the last one stays where one is required."""
    return factors > 1 or not must_set_up(role, False, options)


def is_proof_fresh(began_at: datetime, proved_at: datetime | None, has_factor: bool, now: datetime) -> bool:
    """Tell whether one may change factors now: one was proved in this session a short while ago.

    Who has none yet shows by having just signed in that the account is theirs.
    """
    newest = proved_at if has_factor else max(began_at, proved_at or began_at)
    return newest is not None and now < newest + PROOF_LASTS


def steps_that_count(now: datetime, last_step: int | None) -> tuple[int, ...]:
    """Return the time steps whose code counts now, the likeliest first; none that is not after the last one used."""
    current = int(now.timestamp()) // int(TIME_STEP.total_seconds())
    return tuple(current + away for away in _WINDOW if last_step is None or current + away > last_step)


def recovery_code(signs: str) -> str:
    """Return the signs of a recovery code as people read them, in groups."""
    return "-".join(signs[at : at + _RECOVERY_GROUP] for at in range(0, len(signs), _RECOVERY_GROUP))


def read_time_code(typed: str) -> str | None:
    """Return the six digits that were typed, in whatever script, None when it is no such code."""
    digits = [_digit(sign) for sign in _without_blanks(typed)]
    return "".join(digits) if len(digits) == TIME_CODE_DIGITS and all(digits) else None


def read_recovery_code(typed: str) -> str | None:
    """Return the signs of a recovery code, whatever its case and groups, None when it is no such code."""
    signs = _without_blanks(typed).upper().translate(_MISREAD)
    is_code = len(signs) == RECOVERY_SIGNS and all(sign in RECOVERY_ALPHABET for sign in signs)
    return signs if is_code else None


def check_name(typed: str, *, found: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """Return the name of a factor. Raises Invalid at `name`: required, too_long, control_characters."""
    findings = Findings(found)
    name = findings.line("name", typed, LONGEST_NAME)
    findings.require("name", name)
    findings.raise_if_any()
    return name or ""


def _without_blanks(typed: str) -> str:
    return "".join(typed[:200].split())


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign, ""))
