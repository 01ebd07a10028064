"""Show what the coordination set aside for an appointment, and why, to those who may set aside."""

from typing import NamedTuple

from dispatch.domain import overrides
from dispatch.domain.eligibility import Code
from dispatch.domain.permissions import Act, Actor, may
from dispatch.models import Appointment


class Waived(NamedTuple):
    """The conditions that did not hold and were set aside, with the coordinator's reason."""

    codes: tuple[Code, ...]
    reason: str


def waived_for(actor: Actor, appointment: Appointment) -> Waived | None:
    """Return what was set aside; None when nothing was, and to everybody else."""
    if appointment.override_codes is None or not may(actor, Act.REQUEST_OVERRIDE):
        return None
    return Waived(overrides.parse(appointment.override_codes), appointment.override_reason or "")
