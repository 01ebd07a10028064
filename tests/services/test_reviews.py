"""What waits in review is released into the search or refused with a reason, once."""

import pytest

from dispatch.domain.errors import Forbidden, Invalid, MoveRefused
from dispatch.models import Request
from dispatch.services import reviews
from tests.builders import NOW, Builder
from tests.services.booking import actor_of, acts, mails, stored


def waiting(build: Builder) -> Request:
    """A request whose language is not settled."""
    return build.request(state="in_review", review_reasons="language", wave_due_at=None, languages=("und",))


def test_a_released_request_is_searched_for_under_a_new_promise(build: Builder) -> None:
    request, coordinator = waiting(build), build.user("coordinator")

    reviews.review(actor_of(coordinator), request.id, NOW, accept=True)

    row = stored(request.id)
    assert (row.state, row.wave_due_at, row.promised_at_booking) == ("submitted", NOW, row.answer_by)
    assert mails(request.id) == [("request_received", "schule@example.org", "queued")]
    assert acts(request.id) == [("move", "submitted")]


def test_a_refused_request_is_cancelled_and_its_office_told(build: Builder) -> None:
    request, coordinator = waiting(build), build.user("coordinator")

    reviews.review(actor_of(coordinator), request.id, NOW, accept=False, reason="Bitte beim Gericht")

    row = stored(request.id)
    assert (row.state, row.cancel_reason, row.state_note) == ("cancelled", "refused", "Bitte beim Gericht")
    assert mails(request.id) == [("request_refused", "schule@example.org", "queued")]


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_refusal_needs_a_reason(build: Builder, reason: str) -> None:
    request, coordinator = waiting(build), build.user("coordinator")

    with pytest.raises(Invalid) as refused:
        reviews.review(actor_of(coordinator), request.id, NOW, accept=False, reason=reason)

    assert refused.value.errors == {"reason": ("required",)}
    assert stored(request.id).state == "in_review"


def test_releasing_twice_does_nothing_the_second_time(build: Builder) -> None:
    request, coordinator = waiting(build), build.user("coordinator")
    reviews.review(actor_of(coordinator), request.id, NOW, accept=True)

    reviews.review(actor_of(coordinator), request.id, NOW, accept=True)

    assert acts(request.id) == [("move", "submitted")]


def test_what_was_refused_cannot_be_released(build: Builder) -> None:
    request, coordinator = waiting(build), build.user("coordinator")
    reviews.review(actor_of(coordinator), request.id, NOW, accept=False, reason="Bitte beim Gericht")

    with pytest.raises(MoveRefused):
        reviews.review(actor_of(coordinator), request.id, NOW, accept=True)


def test_an_office_does_not_review_its_own_request(build: Builder) -> None:
    office = build.user()
    request = build.request(organisation_id=office.organisation_id, state="in_review")

    with pytest.raises(Forbidden):
        reviews.review(actor_of(office), request.id, NOW, accept=True)


@pytest.mark.parametrize(
    ("typed", "codes"), [("", ("required",)), ("maybe", ("unknown_choice",))], ids=["empty", "unknown"]
)
def test_a_decision_is_one_of_two_words(typed: str, codes: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        reviews.parse_decision(typed)

    assert refused.value.errors == {"decision": codes}
