"""What concerns nobody asked is changed freely, the rest raises the revision; who was second learns of the first."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dispatch.domain.candidates import Gender
from dispatch.domain.errors import Invalid, Missing, MoveRefused, Stale
from dispatch.domain.modes import Mode
from dispatch.domain.requests import NewRequest
from dispatch.models import Request, User
from dispatch.services import request_edits, requests
from tests.builders import NOW, Builder
from tests.services.booking import actor_of, acts, new_request, offer_states, stored

Change = Callable[[NewRequest], NewRequest]

LATER = timedelta(days=1)

FREE: dict[str, dict[str, Any]] = {
    "notes": {"notes": "Eingang hinten"},
    "reference": {"reference": "AZ 12"},
    "contact": {"contact_name": "Frau Lindner", "contact_phone": "+493521000210"},
    "wish of gender": {"gender": Gender.FEMALE},
}

RAISING: dict[str, dict[str, Any]] = {
    "languages": {"languages": ("fa",)},
    "related": {"accept_related": True},
    "mode": {"mode": Mode.PHONE},
    "address": {"address": "Schulstraße 5"},
    "condition of gender": {"gender": Gender.FEMALE, "gender_strict": True},
    "avoided": {"avoid_municipalities": frozenset({"14627140"})},
}


@pytest.fixture
def office(build: Builder) -> User:
    return build.user()


def sent(office: User) -> tuple[Request, NewRequest]:
    """A request of the office as it is stored, and its value."""
    request_id = requests.submit(actor_of(office), new_request(office.organisation_id), "n1", NOW)
    return stored(request_id), request_edits.stored(actor_of(office), request_id).value


@pytest.mark.parametrize("change", FREE.values(), ids=FREE)
def test_this_is_changed_freely(build: Builder, office: User, change: dict[str, Any]) -> None:
    row, value = sent(office)
    build.offer(row, build.mediator())

    has_risen = request_edits.edit(actor_of(office), row.id, row.version, replace(value, **change), NOW)

    assert (has_risen, stored(row.id).revision, stored(row.id).version) == (False, 1, row.version + 1)
    assert offer_states(row.id) == [("open", None)]
    assert request_edits.stored(actor_of(office), row.id).value == replace(value, **change)


@pytest.mark.parametrize("change", RAISING.values(), ids=RAISING)
def test_this_withdraws_open_offers_and_starts_anew(build: Builder, office: User, change: dict[str, Any]) -> None:
    row, value = sent(office)
    build.offer(row, build.mediator())

    has_risen = request_edits.edit(actor_of(office), row.id, row.version, replace(value, **change), NOW)

    after = stored(row.id)
    assert (has_risen, after.revision, after.wave, after.wave_due_at) == (True, 2, 0, NOW)
    assert offer_states(row.id) == [("withdrawn", "changed")]
    assert acts(row.id) == [("move", "submitted"), ("edit", None)]


def test_another_time_gives_another_promise_and_keeps_the_first(office: User) -> None:
    row, value = sent(office)
    moved = replace(value, starts_at=value.starts_at + 10 * LATER, ends_at=value.ends_at + 10 * LATER)

    request_edits.edit(actor_of(office), row.id, row.version, moved, NOW + LATER)

    after = stored(row.id)
    assert after.answer_by is not None
    assert row.answer_by is not None
    assert after.answer_by > row.answer_by
    assert after.promised_at_booking == row.promised_at_booking


def test_the_second_editor_learns_of_the_first(office: User) -> None:
    row, value = sent(office)
    request_edits.edit(actor_of(office), row.id, row.version, replace(value, notes="zuerst"), NOW)

    with pytest.raises(Stale) as stale:
        request_edits.edit(actor_of(office), row.id, row.version, replace(value, notes="zuletzt"), NOW)

    assert (stale.value.expected, stale.value.current) == (row.version, row.version + 1)
    assert stored(row.id).notes == "zuerst"


def test_time_and_place_of_an_assigned_request_change_by_moving_only(build: Builder, office: User) -> None:
    request = build.request(organisation_id=office.organisation_id, state="assigned")
    build.appointment(request, build.mediator())
    value = request_edits.stored(actor_of(office), request.id).value

    with pytest.raises(Invalid) as refused:
        request_edits.edit(
            actor_of(office),
            request.id,
            1,
            replace(value, starts_at=value.starts_at + timedelta(minutes=15), address="Schulstraße 5"),
            NOW,
        )
    request_edits.edit(actor_of(office), request.id, 1, replace(value, notes="Eingang hinten"), NOW)

    assert refused.value.errors == {"starts_at": ("move_instead",), "place.address": ("move_instead",)}
    assert (stored(request.id).notes, stored(request.id).revision) == ("Eingang hinten", 1)


def test_a_change_that_needs_a_look_first_is_a_new_request(office: User) -> None:
    row, value = sent(office)

    with pytest.raises(Invalid) as refused:
        request_edits.edit(actor_of(office), row.id, row.version, replace(value, languages=("und",)), NOW)

    assert refused.value.errors == {"": ("needs_review",)}


def test_a_request_stays_with_its_unit(build: Builder, office: User) -> None:
    row, value = sent(office)
    coordinator, other = build.user("coordinator"), build.organisation()

    with pytest.raises(Invalid) as refused:
        request_edits.edit(actor_of(coordinator), row.id, row.version, replace(value, organisation_id=other.id), NOW)

    assert refused.value.errors == {"organisation": ("unit_stays",)}


@pytest.mark.parametrize("state", ["completed", "cancelled", "unfilled"])
def test_what_is_closed_is_not_changed(build: Builder, office: User, state: str) -> None:
    request = build.request(organisation_id=office.organisation_id, state=state, closed_at=NOW)
    value = request_edits.stored(actor_of(office), request.id).value

    with pytest.raises(MoveRefused):
        request_edits.edit(actor_of(office), request.id, 1, replace(value, notes="spät"), NOW)


def test_nobody_edits_the_request_of_another_unit(build: Builder, office: User) -> None:
    row, value = sent(office)

    with pytest.raises(Missing):
        request_edits.edit(actor_of(build.user()), row.id, row.version, value, NOW)


def test_who_may_not_read_notes_neither_sees_nor_loses_them(build: Builder, office: User) -> None:
    new = replace(new_request(office.organisation_id), notes="Eingang hinten", reference="AZ 12")
    request_id = requests.submit(actor_of(office), new, "n1", NOW)
    regional = replace(actor_of(build.user("regional_coordinator")), areas=frozenset({"Meißen"}))

    seen = request_edits.stored(regional, request_id).value
    request_edits.edit(
        regional, request_id, stored(request_id).version, replace(seen, contact_name="Frau Lindner"), NOW
    )

    kept = request_edits.stored(actor_of(office), request_id).value
    assert (seen.notes, seen.reference) == (None, None)
    assert (kept.notes, kept.reference, kept.contact_name) == ("Eingang hinten", "AZ 12", "Frau Lindner")
