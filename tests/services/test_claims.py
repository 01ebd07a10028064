"""Claims: one at a time, openly, for four hours; nothing of a request outside one's sight."""

import pytest

from dispatch.domain.errors import AlreadyClaimed, Missing, MoveRefused
from dispatch.domain.permissions import Actor, Role
from dispatch.models import Request, User
from dispatch.services import claims
from tests.builders import NOW, Builder
from tests.services.offering import HOUR, stored
from tests.services.presence import actor


@pytest.fixture
def jana(build: Builder) -> User:
    """A coordinator."""
    return build.user("coordinator", name="Jana")


@pytest.fixture
def nora(build: Builder) -> User:
    """Another one."""
    return build.user("coordinator", name="Nora")


def holder(request: Request) -> int | None:
    return stored(request).claimed_by_id


def test_the_second_is_told_who_has_it_and_changes_nothing(build: Builder, jana: User, nora: User) -> None:
    request = build.request()
    claims.claim(actor(jana), request.id, NOW)

    with pytest.raises(AlreadyClaimed) as refused:
        claims.claim(actor(nora), request.id, NOW + HOUR)

    assert (refused.value.user_id, refused.value.name, refused.value.since) == (jana.id, "Jana", NOW)
    row = stored(request)
    assert (row.claimed_by_id, row.claimed_at, row.version) == (jana.id, NOW, request.version)


def test_what_is_taken_over_is_taken_from_its_holder_only(build: Builder, jana: User, nora: User) -> None:
    request, ida = build.request(), build.user("coordinator", name="Ida")
    claims.claim(actor(jana), request.id, NOW)

    claims.claim(actor(nora), request.id, NOW, taken_from=jana.id)
    with pytest.raises(AlreadyClaimed) as refused:
        claims.claim(actor(ida), request.id, NOW, taken_from=jana.id)

    assert (refused.value.name, holder(request)) == ("Nora", nora.id)


def test_a_claim_ends_by_itself_after_four_hours(build: Builder, jana: User, nora: User) -> None:
    kept, left, free = build.request(), build.request(), build.request()
    for request in (kept, left):
        claims.claim(actor(jana), request.id, NOW)
    claims.claim(actor(jana), kept.id, NOW + HOUR)

    ended = [claims.release_due(NOW + 4 * HOUR), claims.release_due(NOW + 4 * HOUR)]

    assert (ended, [holder(one) for one in (kept, left, free)]) == ([1, 0], [jana.id, None, None])


def test_a_claim_that_is_over_stops_nobody_before_a_job_has_seen_it(build: Builder, jana: User, nora: User) -> None:
    request = build.request()
    claims.claim(actor(jana), request.id, NOW)

    claims.claim(actor(nora), request.id, NOW + 4 * HOUR)

    assert holder(request) == nora.id


def test_only_ones_own_claim_is_given_back(build: Builder, jana: User, nora: User) -> None:
    request = build.request()
    claims.claim(actor(jana), request.id, NOW)

    claims.release(actor(nora), request.id, NOW)
    kept = holder(request)
    claims.release(actor(jana), request.id, NOW)

    assert (kept, holder(request)) == (jana.id, None)


@pytest.mark.parametrize("state", ["draft", "cancelled", "unfilled", "completed"])
def test_what_is_not_open_needs_nobody(build: Builder, jana: User, state: str) -> None:
    request = build.request(state=state)

    with pytest.raises(MoveRefused):
        claims.claim(actor(jana), request.id, NOW)

    assert holder(request) is None


def test_a_request_out_of_sight_is_not_claimed(build: Builder, jana: User) -> None:
    request = build.request()
    elsewhere = Actor(jana.id, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"}))

    with pytest.raises(Missing):
        claims.claim(elsewhere, request.id, NOW)

    assert holder(request) is None
