"""A coordinator asks the people she picked, or gives a request to one of them."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch.domain.errors import DoesNotFit, Forbidden, Invalid, Missing, MoveRefused, PeopleDoNotFit
from dispatch.domain.permissions import Actor, Role
from dispatch.services import assignments
from dispatch.services.audit import OnBehalf
from tests.builders import NOW, Builder
from tests.services.offering import (
    appointments,
    asked,
    coordinator,
    mails,
    offered,
    offers_of,
    open_calls,
    sent,
    stored,
)

HOUR = timedelta(hours=1)


def test_a_coordinator_asks_the_people_she_picked(build: Builder) -> None:
    first, _second, third = (build.mediator() for _ in range(3))
    request = build.request(policy="manual")

    made = assignments.ask(coordinator(1), request.id, [third.id, first.id], NOW)

    assert (len(made), asked(request), stored(request).state) == (2, [first.id, third.id], "searching")
    assert (stored(request).wave, len(mails("offer"))) == (1, 2)


def test_picks_of_the_night_leave_in_the_morning(build: Builder) -> None:
    mediator = build.mediator()
    request = build.request(policy="manual")
    evening = NOW + 12 * HOUR

    assignments.ask(coordinator(1), request.id, [mediator.id], evening)

    assert offers_of(request)[0].sent_at == NOW + 21 * HOUR


def test_picks_that_cannot_be_asked_come_back_with_their_reasons(build: Builder) -> None:
    busy, stranger = build.mediator(weekly=((0, 480, 600),)), build.mediator(languages=(("uk", "native"),))
    request = build.request(policy="manual")

    with pytest.raises(PeopleDoNotFit) as refused:
        assignments.ask(coordinator(1), request.id, [busy.id, stranger.id], NOW)

    assert (refused.value.by_mediator, asked(request)) == (
        {busy.id: ("availability",), stranger.id: ("language",)}, [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("of_mediator", "of_request", "picked", "code"),
    [
        ({}, {}, False, "nobody_picked"),
    ],
)
def test_a_choice_of_people_that_does_not_hold(
    build: Builder, of_mediator: dict[str, Any], of_request: dict[str, Any], picked: bool, code: str
) -> None:
    mediator = build.mediator(**of_mediator)
    request = build.request(policy="manual", **of_request)

    with pytest.raises(Invalid) as refused:
        assignments.ask(coordinator(1), request.id, [mediator.id] if picked else [], NOW)

    assert refused.value.errors == {"mediator_ids": (code,)}


def test_nobody_is_asked_twice_by_hand_either(build: Builder) -> None:
    request, offer = offered(build, policy="manual")

    with pytest.raises(Invalid) as refused:
        assignments.ask(coordinator(1), request.id, [offer.mediator_id], NOW)

    assert refused.value.errors == {"mediator_ids": ("already_asked",)}


@pytest.mark.parametrize(
    ("on_behalf", "state", "kind"),
    [(None, "proposed", "appointment_proposed"), (OnBehalf("phone"), "confirmed", "appointment_confirmed")],
    ids=["direct", "on_behalf"],
)
def test_an_assignment_is_proposed_or_records_a_yes(
    build: Builder, on_behalf: OnBehalf | None, state: str, kind: str
) -> None:
    request, offer = offered(build)
    mediator = build.mediator()
    sent()
    user = build.user("coordinator")

    assignments.assign(coordinator(user.id), request.id, mediator.id, NOW, on_behalf=on_behalf)

    assert appointments(request) == [(mediator.id, state)]
    assert (stored(offer).state, stored(offer).cause, mails(kind)) == ("withdrawn", "taken", [mediator.email])


@pytest.mark.parametrize(
    ("on_behalf", "left"), [(None, ("withdrawn", "closed")), (OnBehalf("phone"), ("accepted", None))]
)
def test_an_assignment_settles_her_own_offer_without_a_word(
    build: Builder, on_behalf: OnBehalf | None, left: tuple[str, str | None]
) -> None:
    request, offer = offered(build)
    sent()
    user = build.user("coordinator")

    assignments.assign(coordinator(user.id), request.id, offer.mediator_id, NOW, on_behalf=on_behalf)

    assert (stored(offer).state, stored(offer).cause) == left
    assert (mails("offer_taken"), mails("offer_withdrawn"), stored(request).state) == ([], [], "assigned")


def test_an_assignment_names_every_condition_that_fails(build: Builder) -> None:
    request = build.request()
    mediator = build.mediator(weekly=((0, 480, 600),), german_level="B1")

    with pytest.raises(DoesNotFit) as refused:
        assignments.assign(coordinator(1), request.id, mediator.id, NOW)

    assert (refused.value.codes, stored(request).state) == (("language", "availability"), "submitted")


def test_who_has_no_mail_is_called_to_confirm_an_assignment(build: Builder) -> None:
    request, mediator = build.request(), build.mediator(email=None)

    assignments.assign(coordinator(build.user("coordinator").id), request.id, mediator.id, NOW)

    assert (appointments(request), open_calls()) == ([(mediator.id, "proposed")], [("proposal", mediator.id)])


def test_who_has_no_mail_is_asked_by_phone(build: Builder) -> None:
    request, mediator = build.request(policy="manual"), build.mediator(contact_channel="phone")

    assignments.ask(coordinator(1), request.id, [mediator.id], NOW)

    assert ([offer.channel for offer in offers_of(request)], open_calls()) == (["phone"], [("offer", mediator.id)])


def test_for_a_protected_request_everybody_is_called_one_after_the_other(build: Builder) -> None:
    request = build.request(policy="manual", protection="protected")
    first, second = build.mediator(), build.mediator()

    with pytest.raises(Invalid) as refused:
        assignments.ask(coordinator(1), request.id, [first.id, second.id], NOW)
    assignments.ask(coordinator(1), request.id, [first.id], NOW)
    with pytest.raises(Invalid):
        assignments.ask(coordinator(1), request.id, [second.id], NOW)

    assert refused.value.errors == {"mediator_ids": ("one_at_a_time",)}
    assert (asked(request), open_calls(), mails("offer")) == ([first.id], [("offer", first.id)], [])


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (Actor(1, Role.REQUESTER), Forbidden),
        (Actor(1, Role.MEDIATOR), Forbidden),
        (Actor(1, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"})), Missing),
    ],
    ids=["office", "mediator", "another_area"],
)
def test_only_the_coordination_asks_and_assigns(build: Builder, actor: Actor, refusal: type[Exception]) -> None:
    mediator = build.mediator()
    request = build.request()

    with pytest.raises(refusal):
        assignments.assign(actor, request.id, mediator.id, NOW)
    with pytest.raises(refusal):
        assignments.ask(actor, request.id, [mediator.id], NOW)


@pytest.mark.parametrize("state", ["in_review", "assigned", "cancelled", "completed"])
def test_a_request_that_is_not_looking_for_anybody_is_neither_asked_for_nor_given(build: Builder, state: str) -> None:
    mediator = build.mediator()
    request = build.request(state=state)

    with pytest.raises(MoveRefused):
        assignments.ask(coordinator(1), request.id, [mediator.id], NOW)
    with pytest.raises(MoveRefused):
        assignments.assign(coordinator(1), request.id, mediator.id, NOW)
