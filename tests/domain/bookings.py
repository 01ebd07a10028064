"""Build typed and checked requests with plausible values, so that a test names only what it is about."""

from dataclasses import replace
from typing import Any

from dispatch.domain.modes import Mode
from dispatch.domain.places import TypedPlace
from dispatch.domain.requests import BookingContext, Consent, NewRequest, TypedRequest
from dispatch.domain.settings import SETTINGS, Protection
from tests.domain.pool import MEISSEN, PLACES, TABLE
from tests.domain.times import at

NOW = at("2026-11-24 10:00")
START, END = at("2026-12-01 09:00"), at("2026-12-01 10:00")

CONTEXT = BookingContext(
    known_languages=TABLE.keys(),
    settings=SETTINGS,
    places=PLACES,
    organisations={10},
    mediators={1, 2, 3},
)
COORDINATION = replace(CONTEXT, may_enter_afterwards=True, may_choose_policy=True)


def typed(**changes: Any) -> TypedRequest:
    """Return the least that an office must type for an hour of Dari on site."""
    least = TypedRequest(
        organisation_id=10,
        languages=("prs",),
        setting="doctor",
        mode="on_site",
        starts_at=START,
        ends_at=END,
        place=TypedPlace(municipality=MEISSEN),
        address="Markt 1",
        consent="known",
    )
    return replace(least, **changes)


def request(**changes: Any) -> NewRequest:
    """Return the checked form of `typed()`."""
    least = NewRequest(
        organisation_id=10,
        languages=("prs",),
        setting="doctor",
        protection=Protection.NORMAL,
        mode=Mode.ON_SITE,
        starts_at=START,
        ends_at=END,
        place=PLACES.place_of_municipality(MEISSEN),
        address="Markt 1",
        consent=Consent.KNOWN,
    )
    return replace(least, **changes)
