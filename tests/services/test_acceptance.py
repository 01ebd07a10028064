"""At acceptance the conditions that may have changed are checked again, in the same transaction."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.domain.errors import NoLongerFits
from dispatch.models import Exclusion, MediatorDocument, Offer, Request
from dispatch.services import answers
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.offering import appointments, change, holder, mails, mediator_of, offered, stored

HOUR = timedelta(hours=1)

Arrange = Callable[[Builder, Request, Offer], object]

NO_LONGER: tuple[tuple[str, str, Arrange], ...] = (
    ("left_the_pool", "inactive", lambda build, request, offer: change(mediator_of(offer), active=False)),
    (
        "undertaking_ended",
        "undertaking",
        lambda build, request, offer: change(_undertaking(offer), valid_until=NOW.date()),
    ),
    (
        "booked_meanwhile",
        "conflict",
        lambda build, request, offer: build.appointment(build.request(state="assigned"), mediator_of(offer)),
    ),
    (
        "barred_meanwhile",
        "excluded",
        lambda build, request, offer: build._save(
            Exclusion(mediator_id=offer.mediator_id, organisation_id=request.organisation_id, origin="unit",
                      created_at=NOW)
        ),
    ),
    ("week_is_full", "limit", lambda build, request, offer: change(mediator_of(offer), weekly_hours_limit=0.5)),
    (
        "too_late_to_get_there",
        "reachable",
        lambda build, request, offer: change(request, starts_at=NOW + HOUR / 12, ends_at=NOW + HOUR),
    ),
)  # fmt: skip


def _undertaking(offer: Offer) -> Any:
    return reading().scalar(select(MediatorDocument).where(MediatorDocument.mediator_id == offer.mediator_id))


@pytest.mark.parametrize(("code", "arrange"), [row[1:] for row in NO_LONGER], ids=[row[0] for row in NO_LONGER])
def test_a_yes_that_no_longer_fits_is_refused_and_the_offer_is_withdrawn(
    build: Builder, code: str, arrange: Arrange
) -> None:
    request, offer = offered(build)
    arrange(build, request, offer)

    with pytest.raises(NoLongerFits) as refused:
        answers.accept(holder(offer), offer.id, NOW)

    assert (refused.value.codes, appointments(request)) == ((code,), [])
    assert (stored(offer).state, stored(offer).cause) == ("withdrawn", "no_longer_fits")
    assert (stored(request).state, stored(request).wave_due_at) == ("searching", NOW)
    assert mails("offer_withdrawn") == []


def test_what_is_not_checked_again_does_not_hinder_a_yes(build: Builder) -> None:
    request, offer = offered(build)
    build.span(mediator_of(offer), "absence", START, START + HOUR)

    answers.accept(holder(offer), offer.id, NOW)

    assert stored(request).state == "assigned"
