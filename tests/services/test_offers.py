"""What becomes of a yes or a no, of a coordinator's choice, and of those who were not quick enough."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.database import db, run
from dispatch.domain.errors import (
    AlreadyTaken,
    Forbidden,
    Invalid,
    Missing,
    MoveRefused,
    OfferClosed,
)
from dispatch.domain.lifecycle import DeclineReason, WithdrawalCause
from dispatch.domain.permissions import SYSTEM, Actor, Role, bearer
from dispatch.models import AuditEntry, Exclusion, Offer, Request
from dispatch.services import answers, offers
from dispatch.services.audit import OnBehalf
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder
from tests.services.offering import (
    appointments,
    change,
    coordinator,
    holder,
    mails,
    mediator_of,
    offered,
    offers_of,
    sent,
    states_of,
    stored,
)

HOUR = timedelta(hours=1)


def test_a_yes_books_the_request_and_tells_both_sides(build: Builder) -> None:
    request, offer = offered(build)

    answered = answers.accept(holder(offer), offer.id, NOW)

    assert (answered.repeated, appointments(request)) == (False, [(offer.mediator_id, "confirmed")])
    assert (stored(request).state, stored(offer).state, stored(offer).answered_at) == ("assigned", "accepted", NOW)
    assert (len(mails("appointment_confirmed")), mails("request_assigned")) == (1, ["schule@example.org"])


def test_the_first_yes_wins_and_the_others_are_told_at_once(build: Builder) -> None:
    request, first = offered(build)
    other = build.mediator()
    second = build.offer(request, other)
    sent()

    answers.accept(holder(first), first.id, NOW)

    assert (states_of(request), stored(second).cause) == (["accepted", "withdrawn"], "taken")
    assert mails("offer_taken") == [other.email]
    with pytest.raises(AlreadyTaken):
        answers.accept(holder(second), second.id, NOW)


def test_who_had_no_mail_yet_hears_nothing(build: Builder) -> None:
    from dispatch.services import waves

    for _ in range(3):
        build.mediator()
    request = build.request()
    waves.run_waves(NOW)
    first = offers_of(request)[0]

    answers.accept(holder(first), first.id, NOW)

    assert (mails("offer"), mails("offer_taken")) == ([], [])


YES: tuple[tuple[str, dict[str, Any], dict[str, Any], type[Exception] | None], ...] = (
    ("open", {}, {}, None),
    ("late_while_searching", {"state": "expired"}, {}, None),
    ("after_a_no", {"state": "declined"}, {}, None),
    ("revision_passed", {}, {"revision": 2}, OfferClosed),
    ("withdrawn_changed", {"state": "withdrawn", "cause": "changed"}, {}, OfferClosed),
    ("withdrawn_closed", {"state": "withdrawn", "cause": "closed"}, {}, OfferClosed),
    ("withdrawn_taken", {"state": "withdrawn", "cause": "taken"}, {"state": "assigned"}, AlreadyTaken),
    ("assigned_meanwhile", {"state": "expired"}, {"state": "assigned"}, AlreadyTaken),
    ("no_after_assigned", {"state": "declined"}, {"state": "assigned"}, AlreadyTaken),
    ("cancelled", {}, {"state": "cancelled"}, OfferClosed),
    ("unfilled", {"state": "expired"}, {"state": "unfilled"}, OfferClosed),
    ("already_said", {"state": "accepted"}, {"state": "assigned"}, None),
)


@pytest.mark.parametrize(("of_offer", "of_request", "refusal"), [row[1:] for row in YES], ids=[row[0] for row in YES])
def test_which_yes_still_counts(
    build: Builder, of_offer: dict[str, Any], of_request: dict[str, Any], refusal: type[Exception] | None
) -> None:
    _request, offer = offered(build, of_offer={"revision": 1} | of_offer, **of_request)

    if refusal:
        with pytest.raises(refusal):
            answers.accept(holder(offer), offer.id, NOW)
    else:
        answers.accept(holder(offer), offer.id, NOW)

    expected = of_offer.get("state", "open") if refusal else "accepted"
    assert stored(offer).state == expected


NO: tuple[tuple[str, dict[str, Any], dict[str, Any], type[Exception] | None, str], ...] = (
    ("open", {}, {}, None, "declined"),
    ("late", {"state": "expired"}, {}, None, "declined"),
    ("again", {"state": "declined"}, {}, None, "declined"),
    ("again_after_all_is_over", {"state": "declined"}, {"state": "cancelled"}, None, "declined"),
    ("after_a_yes", {"state": "accepted"}, {"state": "assigned"}, MoveRefused, "accepted"),
    ("taken", {}, {"state": "assigned"}, AlreadyTaken, "open"),
    ("closed", {}, {"state": "cancelled"}, OfferClosed, "open"),
)


@pytest.mark.parametrize(
    ("of_offer", "of_request", "refusal", "left"), [row[1:] for row in NO], ids=[row[0] for row in NO]
)
def test_which_no_is_noted(
    build: Builder, of_offer: dict[str, Any], of_request: dict[str, Any], refusal: type[Exception] | None, left: str
) -> None:
    _request, offer = offered(build, of_offer=of_offer, **of_request)

    if refusal:
        with pytest.raises(refusal):
            answers.decline(holder(offer), offer.id, NOW)
    else:
        answers.decline(holder(offer), offer.id, NOW)

    assert stored(offer).state == left


def test_saying_yes_twice_makes_one_appointment_one_mail_and_one_entry(build: Builder) -> None:
    request, offer = offered(build)

    first = answers.accept(holder(offer), offer.id, NOW)
    second = answers.accept(holder(offer), offer.id, NOW + HOUR)

    moves = select(AuditEntry.id).where(AuditEntry.subject == "offer", AuditEntry.subject_id == offer.id)
    assert (second.repeated, second.appointment_id) == (True, first.appointment_id)
    assert (len(appointments(request)), len(mails("appointment_confirmed"))) == (1, 1)
    assert len(reading().scalars(moves).all()) == 1


def test_an_answer_ends_the_row_of_lapses(build: Builder) -> None:
    _request, offer = offered(build)
    change(mediator_of(offer), lapses_in_row=4)

    answers.decline(holder(offer), offer.id, NOW)

    assert stored(mediator_of(offer)).lapses_in_row == 0


def test_the_last_no_of_a_wave_releases_the_next(build: Builder) -> None:
    request, first = offered(build)
    second = build.offer(request, build.mediator())

    answers.decline(holder(first), first.id, NOW)
    after_one = stored(request).wave_due_at
    answers.decline(holder(second), second.id, NOW)

    assert (after_one, stored(request).wave_due_at) == (NOW + 14 * HOUR, NOW)


def bars(offer: Offer) -> list[tuple[str, str | None, int | None]]:
    db.session.remove()
    found = reading().scalars(select(Exclusion).where(Exclusion.mediator_id == offer.mediator_id))
    return [(one.origin, one.case_token, one.request_id) for one in found]


@pytest.mark.parametrize("token", ["K7Q-4MX", None])
def test_not_this_case_bars_until_she_changes_her_mind(build: Builder, token: str | None) -> None:
    request, offer = offered(build, case_token=token)

    answers.decline(holder(offer), offer.id, NOW, reason=DeclineReason.NOT_THIS_CASE)
    answers.decline(holder(offer), offer.id, NOW, reason=DeclineReason.NOT_THIS_CASE)
    barred = bars(offer)
    answers.accept(holder(offer), offer.id, NOW)

    assert (barred, bars(offer)) == ([("not_this_case", token, request.id)], [])
    assert stored(offer).decline_reason is None


@pytest.mark.parametrize("reason", [reason for reason in DeclineReason if reason is not DeclineReason.NOT_THIS_CASE])
def test_other_reasons_are_kept_with_the_offer_only(build: Builder, reason: DeclineReason) -> None:
    _request, offer = offered(build)

    answers.decline(holder(offer), offer.id, NOW)
    answers.decline(holder(offer), offer.id, NOW, reason=reason)

    assert (stored(offer).decline_reason, bars(offer)) == (reason.value, [])


def test_only_who_was_asked_and_the_coordination_may_answer(build: Builder) -> None:
    _request, offer = offered(build)
    stranger = build.mediator().id
    refusals: dict[str, type[Exception]] = {}

    for name, actor in (
        ("another_link", bearer("offer", offer.id + 1, mediator_id=offer.mediator_id)),
        ("another_mediator", Actor(None, Role.MEDIATOR, mediator_id=stranger)),
        ("an_office", Actor(1, Role.REQUESTER)),
        ("a_coordinator_without_channel", coordinator(1)),
    ):
        with pytest.raises((Missing, Forbidden, Invalid)) as refused:
            answers.accept(actor, offer.id, NOW)
        refusals[name] = refused.type

    assert refusals == {
        "another_link": Missing,
        "another_mediator": Missing,
        "an_office": Forbidden,
        "a_coordinator_without_channel": Invalid,
    }


def test_a_coordinator_records_an_answer_with_its_channel(build: Builder) -> None:
    request, offer = offered(build)
    user = build.user("coordinator")

    answers.accept(coordinator(user.id), offer.id, NOW, on_behalf=OnBehalf("phone"))

    kept = stored(offer)
    assert (kept.channel, kept.recorded_by_id, appointments(request)) == (
        "phone", user.id, [(offer.mediator_id, "confirmed")],
    )  # fmt: skip


@pytest.mark.parametrize("offer_id", [0, -1, 999, 2**63])
def test_an_offer_that_is_not_there_is_missing(build: Builder, offer_id: int) -> None:
    with pytest.raises(Missing):
        answers.accept(SYSTEM, offer_id, NOW)


def test_a_changed_request_withdraws_what_is_open_and_leaves_answers(build: Builder) -> None:
    request, first = offered(build)
    build.offer(request, build.mediator(), state="declined")
    sent()

    def use_case(session: Session) -> int:
        held = session.get(Request, request.id)
        assert held is not None
        return offers.withdraw_open(session, SYSTEM, held, WithdrawalCause.CHANGED, NOW)

    assert (run(use_case), states_of(request), stored(first).cause) == (1, ["withdrawn", "declined"], "changed")
    assert len(mails("offer_withdrawn")) == 1


@pytest.mark.parametrize(
    ("values", "emergency", "due"),
    [({}, False, NOW), ({}, True, NOW), ({"policy": "manual"}, True, None)],
    ids=["waves", "emergency", "manual"],
)
def test_a_search_begins_anew(build: Builder, values: dict[str, Any], emergency: bool, due: object) -> None:
    request = build.request(**{"state": "assigned", "exhausted_at": NOW, "wave_due_at": None, **values})

    def use_case(session: Session) -> None:
        held = session.get(Request, request.id)
        assert held is not None
        offers.start_search(session, SYSTEM, held, NOW, emergency=emergency)

    run(use_case)

    now = stored(request)
    assert (now.state, now.wave_due_at, now.emergency, now.exhausted_at) == ("searching", due, emergency, None)
