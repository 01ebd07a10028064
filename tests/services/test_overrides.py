"""A coordinator gives a request to somebody who does not fit, and says what she sets aside and why."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.domain.eligibility import Code
from dispatch.domain.errors import DoesNotFit, Invalid, Missing
from dispatch.domain.moves import TypedMove
from dispatch.domain.permissions import Actor, Role
from dispatch.models import Appointment, AuditEntry
from dispatch.services import appointment_pages, assignments, closing, moves
from dispatch.services.audit import OnBehalf
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.offering import appointments, booked, coordinator, excluded, stored

HOUR = timedelta(hours=1)
MORNINGS = ((1, 360, 480),)


def test_what_is_set_aside_stays_on_the_appointment_and_in_the_audit(build: Builder) -> None:
    request = build.request(gender="male", gender_strict=True)
    mediator = build.mediator(weekly=MORNINGS)
    user = build.user("coordinator")

    number = assignments.assign(
        coordinator(user.id), request.id, mediator.id, NOW,
        on_behalf=OnBehalf("phone"), override=["availability", "gender"], reason="She offered it herself.",
    )  # fmt: skip

    row = reading().get_one(Appointment, number)
    entry = reading().scalars(select(AuditEntry).where(AuditEntry.act == "book")).one()
    assert (row.state, row.override_codes, row.override_reason) == (
        "confirmed", "gender,availability", "She offered it herself.",
    )  # fmt: skip
    assert (entry.facts["override"], entry.actor_id, entry.channel) == ("gender,availability", user.id, "phone")


@pytest.mark.parametrize(
    ("override", "reason", "refusal"),
    [
        ((), "", DoesNotFit),
        (("gender",), "because", DoesNotFit),
        (("availability",), "", Invalid),
        (("excluded",), "because", DoesNotFit),
    ],
    ids=["nothing_said", "something_else_said", "no_reason", "what_does_not_fail"],
)
def test_what_is_not_set_aside_with_a_reason_refuses(
    build: Builder, override: Sequence[str], reason: str, refusal: type[Exception]
) -> None:
    request, mediator = build.request(), build.mediator(weekly=MORNINGS)

    with pytest.raises(refusal):
        assignments.assign(coordinator(1), request.id, mediator.id, NOW, override=override, reason=reason)

    assert (appointments(request), stored(request).state) == ([], "submitted")


def test_an_overlap_is_never_set_aside(build: Builder) -> None:
    mediator = build.mediator()
    booked(build, mediator, START)
    request = build.request(starts_at=START + HOUR / 2)

    with pytest.raises(Invalid) as refused:
        assignments.assign(coordinator(1), request.id, mediator.id, NOW, override=["conflict"], reason="because")

    assert refused.value.errors == {"override": ("not_overridable",)}


@pytest.mark.parametrize(
    ("of_mediator", "code"),
    [({"active": False}, "inactive"), ({"undertaking": False}, "undertaking"), ({}, "excluded")],
)
def test_who_may_not_be_asked_is_not_assigned_for_any_reason(
    build: Builder, of_mediator: dict[str, Any], code: str
) -> None:
    request, mediator = build.request(), build.mediator(**of_mediator)
    if code == "excluded":
        excluded(request, mediator, "unit")

    with pytest.raises(Invalid) as refused:
        assignments.assign(coordinator(1), request.id, mediator.id, NOW, override=[code], reason="because")

    assert refused.value.errors == {"override": ("not_overridable",)}


def test_nobody_sets_aside_beyond_the_own_area(build: Builder) -> None:
    request, mediator = build.request(), build.mediator(weekly=MORNINGS)
    elsewhere = Actor(1, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"}))

    with pytest.raises(Missing):
        assignments.assign(elsewhere, request.id, mediator.id, NOW, override=["availability"], reason="because")


def test_a_move_judges_the_time_anew_and_keeps_what_is_hers(build: Builder) -> None:
    request = build.request(gender="male", gender_strict=True)
    mediator = build.mediator(weekly=MORNINGS)
    user = build.user("coordinator")
    me = coordinator(user.id)
    number = assignments.assign(
        me, request.id, mediator.id, NOW,
        on_behalf=OnBehalf("phone"), override=["availability", "gender"], reason="because",
    )  # fmt: skip

    with pytest.raises(DoesNotFit) as refused:
        moves.move(me, number, TypedMove(START + 2 * HOUR, START + 3 * HOUR), NOW)
    moves.move(me, number, TypedMove(START - 3 * HOUR, START - 2 * HOUR), NOW)

    assert refused.value.codes == (Code.AVAILABILITY,)
    assert appointments(request) == [(mediator.id, "proposed")]


def test_the_undo_of_a_cancellation_keeps_what_was_set_aside(build: Builder) -> None:
    request, mediator = build.request(), build.mediator(weekly=MORNINGS)
    user = build.user("coordinator")
    me = coordinator(user.id)
    assignments.assign(me, request.id, mediator.id, NOW, override=["availability"], reason="because")
    closing.cancel(me, request.id, "own", NOW)

    closing.reopen(me, request.id, NOW)

    assert appointments(request) == [(mediator.id, "proposed")]


@pytest.mark.parametrize(("role", "reads"), [(Role.COORDINATOR, True), (Role.REQUESTER, False), (Role.MEDIATOR, False)])
def test_only_the_coordination_reads_what_was_set_aside(build: Builder, role: Role, reads: bool) -> None:
    request, mediator = build.request(), build.mediator(weekly=MORNINGS)
    user = build.user("coordinator")
    number = assignments.assign(
        coordinator(user.id), request.id, mediator.id, NOW, override=["availability"], reason="She offered it."
    )
    reader = Actor(user.id, role, organisation_ids=frozenset({request.organisation_id}), mediator_id=mediator.id)

    waived = appointment_pages.show(reader, number, NOW).waived

    assert waived == (((Code.AVAILABILITY,), "She offered it.") if reads else None)
