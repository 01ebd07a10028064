"""Areas of a regional coordinator: saved from–until, kept on record, and in force by the day in Berlin."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.domain.areas import TypedArea
from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Actor, Role
from dispatch.domain.users import TypedUser
from dispatch.services import accounts, user_pages, users
from dispatch.services.transactions import run
from tests.builders import NOW, Builder

ADMINISTRATOR = Actor(999, Role.ADMINISTRATOR)


def typed_of(user_id: int) -> TypedUser:
    return user_pages.get_user(ADMINISTRATOR, user_id, NOW).typed


def test_areas_have_a_first_and_a_last_day_and_what_is_over_stays_on_record(build: Builder) -> None:
    user, today = build.user("regional_coordinator"), NOW.date()
    before, later = today - timedelta(days=30), today + timedelta(days=5)
    build.area(user, "Riesa", before)
    build.area(user, "Meißen", before)
    build.area(user, "Riesa", before - timedelta(days=9), before - timedelta(days=1))
    wanted = (TypedArea("Meißen", before, today), TypedArea("Radebeul", later))

    users.edit(ADMINISTRATOR, user.id, replace(typed_of(user.id), areas=wanted), 1, NOW)

    found = user_pages.get_user(ADMINISTRATOR, user.id, NOW)
    assert found.typed.areas == wanted
    assert found.ended_areas == (
        ("Riesa", before - timedelta(days=9), before - timedelta(days=1)), ("Riesa", before, today - timedelta(days=1)),
    )  # fmt: skip
    users.edit(ADMINISTRATOR, user.id, replace(found.typed, areas=wanted), 2, NOW)
    assert user_pages.get_user(ADMINISTRATOR, user.id, NOW).version == 2


def test_an_area_on_record_is_not_held_twice(build: Builder) -> None:
    user, today = build.user("regional_coordinator"), NOW.date()
    build.area(user, "Riesa", today - timedelta(days=9), today - timedelta(days=1))
    again = replace(typed_of(user.id), areas=(TypedArea("Riesa", today - timedelta(days=9)),))

    with pytest.raises(Invalid) as refusal:
        users.edit(ADMINISTRATOR, user.id, again, 1, NOW)
    assert refusal.value.errors == {"areas.0.first": ("overlaps",)}
    users.edit(ADMINISTRATOR, user.id, replace(again, areas=()), 1, NOW)


@pytest.mark.parametrize(
    ("instant", "areas"),
    [
        pytest.param(datetime(2026, 11, 24, 22, 59, tzinfo=UTC), {"Meißen"}, id="a minute before midnight in Berlin"),
        pytest.param(datetime(2026, 11, 24, 23, 0, tzinfo=UTC), {"Riesa"}, id="midnight in Berlin"),
        pytest.param(datetime(2026, 11, 26, 22, 59, tzinfo=UTC), {"Riesa"}, id="the last minute"),
        pytest.param(datetime(2026, 11, 26, 23, 0, tzinfo=UTC), set(), id="over"),
    ],
)
def test_an_area_begins_and_ends_at_midnight_in_a_session_that_goes_on(
    build: Builder, instant: datetime, areas: set[str]
) -> None:
    user = build.user("regional_coordinator")
    build.area(user, "Meißen", NOW.date(), NOW.date())
    build.area(user, "Riesa", NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=2))
    secret = run(lambda session: accounts.begin_session(session, user.id, instant - timedelta(hours=2)))

    found = accounts.find_session(secret, instant)

    assert found is not None
    assert found.actor.areas == areas
