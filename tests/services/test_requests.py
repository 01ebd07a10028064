"""A request is taken in once, with number, token and promise; drafts are kept; others' requests do not exist."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from dispatch.database import db
from dispatch.domain.errors import Forbidden, Invalid, Missing, MoveRefused, Stale
from dispatch.domain.modes import Mode
from dispatch.domain.permissions import Act
from dispatch.domain.requests import NewRequest, Policy
from dispatch.models import AuditEntry, Request
from dispatch.reference import places
from dispatch.services import request_edits, requests
from dispatch.services.audit import OnBehalf
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.booking import actor_of, acts, mails, new_request, stored
from tests.statements import counted

THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
"""When the second wave of a request sent at NOW for START lapses: Thursday 10:00 in Berlin."""


def test_a_sent_request_has_number_token_promise_and_is_due_for_its_first_wave(build: Builder) -> None:
    office = build.user()
    build.mediator()

    request_id = requests.submit(actor_of(office), new_request(office.organisation_id), "n1", NOW)

    row = stored(request_id)
    assert (row.state, row.number, row.revision, row.version) == ("submitted", 401, 1, 2)
    assert (row.submitted_at, row.wave_due_at, row.created_by_id) == (NOW, NOW, office.id)
    assert (row.answer_by, row.promised_at_booking, row.nobody_fits_at) == (THURSDAY, THURSDAY, None)
    assert len(row.case_token or "") == 7
    assert mails(request_id) == [("request_received", office.email, "queued")]
    assert acts(request_id) == [("move", "submitted")]


def test_a_request_that_nobody_fits_says_so_at_once(build: Builder) -> None:
    office = build.user()

    request_id = requests.submit(actor_of(office), new_request(office.organisation_id), "n1", NOW)

    assert stored(request_id).nobody_fits_at == NOW


def test_a_second_submission_of_the_same_form_finds_the_first(build: Builder) -> None:
    office = build.user()
    new = new_request(office.organisation_id)
    first = requests.submit(actor_of(office), new, "same", NOW)

    second = requests.submit(actor_of(office), new, "same", NOW + timedelta(seconds=1))

    assert second == first
    assert reading().scalar(select(func.count(Request.id))) == 1
    assert mails(first) == [("request_received", office.email, "queued")]


def test_of_eight_submissions_of_one_form_at_once_one_request_results(app: Flask, build: Builder) -> None:
    office = build.user()
    actor, new = actor_of(office), new_request(office.organisation_id)
    together, found = Barrier(8), []

    def send() -> None:
        with app.app_context():
            together.wait()
            found.append(requests.submit(actor, new, "same", NOW))
            db.session.remove()

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [found[0]] * 8
    assert reading().scalar(select(func.count(Request.id))) == 1


def test_what_must_be_looked_at_first_waits_in_review_under_a_promise_of_people(build: Builder) -> None:
    office = build.user()
    new = new_request(office.organisation_id, languages=("und",))

    request_id = requests.submit(actor_of(office), new, "n1", NOW)

    row = stored(request_id)
    assert (row.state, row.review_reasons, row.wave_due_at) == ("in_review", "language", None)
    assert row.answer_by == datetime(2026, 11, 27, 20, 30, tzinfo=UTC)


def test_a_request_sent_at_night_is_due_at_seven(build: Builder) -> None:
    office = build.user()
    night = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)

    request_id = requests.submit(actor_of(office), new_request(office.organisation_id), "n1", night)

    assert stored(request_id).wave_due_at == datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


def test_a_follow_up_keeps_the_token_of_its_case(build: Builder) -> None:
    office = build.user()
    build.request(organisation_id=office.organisation_id, case_token="K7Q-4MX")

    request_id = requests.submit(actor_of(office), new_request(office.organisation_id, case_token="K7Q-4MX"), "n1", NOW)

    assert stored(request_id).case_token == "K7Q-4MX"


def test_the_token_of_another_unit_is_unknown(build: Builder) -> None:
    office = build.user()
    build.request(case_token="K7Q-4MX")

    with pytest.raises(Invalid) as refused:
        requests.submit(actor_of(office), new_request(office.organisation_id, case_token="K7Q-4MX"), "n1", NOW)

    assert refused.value.errors == {"case_token": ("unknown",)}


def test_what_is_entered_afterwards_has_no_promise_and_asks_nobody(build: Builder) -> None:
    coordinator, office = build.user("coordinator"), build.user()
    new = new_request(office.organisation_id, starts_at=NOW - timedelta(days=2), entered_afterwards=True)

    request_id = requests.submit(actor_of(coordinator), new, "n1", NOW, on_behalf=OnBehalf("phone"))

    row = stored(request_id)
    assert (row.state, row.answer_by, row.wave_due_at) == ("submitted", None, None)


def test_under_manual_no_wave_is_due(build: Builder) -> None:
    coordinator, office = build.user("coordinator"), build.user()
    new = new_request(office.organisation_id, policy=Policy.MANUAL)

    request_id = requests.submit(actor_of(coordinator), new, "n1", NOW, on_behalf=OnBehalf("phone"))

    assert (stored(request_id).state, stored(request_id).wave_due_at) == ("submitted", None)


def test_a_coordinator_books_for_an_organisation_and_the_channel_is_kept(build: Builder) -> None:
    coordinator, office = build.user("coordinator"), build.user()

    request_id = requests.submit(
        actor_of(coordinator), new_request(office.organisation_id), "n1", NOW, on_behalf=OnBehalf("phone")
    )

    entry = reading().scalars(select(AuditEntry).where(AuditEntry.subject_id == request_id)).one()
    assert (entry.actor_kind, entry.on_behalf, entry.channel) == ("coordinator", True, "phone")
    assert mails(request_id) == [("request_received", "schule@example.org", "queued")]


def test_nobody_books_for_another_unit(build: Builder) -> None:
    office, other = build.user(), build.organisation()

    with pytest.raises(Missing):
        requests.submit(actor_of(office), new_request(other.id), "n1", NOW)

    assert reading().scalar(select(func.count(Request.id))) == 0


def test_a_mediator_makes_no_requests(build: Builder) -> None:
    mediator, unit = build.user("mediator"), build.organisation()

    with pytest.raises(Forbidden):
        requests.submit(actor_of(mediator), new_request(unit.id), "n1", NOW)


def test_a_value_comes_back_from_its_row_as_it_was(build: Builder) -> None:
    office, known, unwanted = build.user(), build.mediator(), build.mediator()
    new = new_request(
        office.organisation_id,
        languages=("prs", "fa"),
        place=places.find_place(postal_code="01612", town="Diesbar-Seußlitz"),
        fallback_modes=(Mode.PHONE, Mode.VIDEO),
        preferred_mediators=frozenset({known.id}),
        exclude_mediators=frozenset({unwanted.id}),
        avoid_municipalities=frozenset({"14627010", "14627140"}),
        notes="Eingang hinten",
        minor=True,
    )

    request_id = requests.submit(actor_of(office), new, "n1", NOW)

    token = stored(request_id).case_token
    assert request_edits.stored(actor_of(office), request_id).value == replace(new, case_token=token)


def test_a_draft_is_kept_sent_later_and_promises_nothing_until_then(build: Builder) -> None:
    office = build.user()
    actor, new = actor_of(office), new_request(office.organisation_id)
    draft_id = requests.save_draft(actor, new, "n1", NOW)
    draft = stored(draft_id)
    before = (draft.state, draft.number, draft.answer_by, draft.submitted_at, mails(draft_id))

    sent_id = requests.submit(actor, new, "n2", NOW + timedelta(hours=1), draft=(draft_id, draft.version))

    assert before == ("draft", 401, None, None, [])
    assert sent_id == draft_id
    assert (stored(draft_id).state, stored(draft_id).number) == ("submitted", 401)
    assert acts(draft_id) == [("save_draft", None), ("move", "submitted")]


def test_who_saved_the_draft_second_learns_of_the_first(build: Builder) -> None:
    office = build.user()
    actor, new = actor_of(office), new_request(office.organisation_id)
    draft_id = requests.save_draft(actor, new, "n1", NOW)
    requests.save_draft(actor, replace(new, notes="zuerst"), "n2", NOW, draft=(draft_id, 1))

    with pytest.raises(Stale) as stale:
        requests.save_draft(actor, replace(new, notes="zuletzt"), "n3", NOW, draft=(draft_id, 1))

    assert (stale.value.expected, stale.value.current) == (1, 2)
    assert stored(draft_id).notes == "zuerst"


def test_a_draft_may_be_deleted_a_sent_request_may_not(build: Builder) -> None:
    office = build.user()
    actor, new = actor_of(office), new_request(office.organisation_id)
    draft_id = requests.save_draft(actor, new, "n1", NOW)
    sent_id = requests.submit(actor, new, "n2", NOW)

    requests.delete_draft(actor, draft_id, NOW)
    with pytest.raises(MoveRefused):
        requests.delete_draft(actor, sent_id, NOW)

    assert reading().scalars(select(Request.id)).all() == [sent_id]


@pytest.mark.parametrize("request_id", [999_999, 2**31, 2**63, 0], ids=str)
def test_an_id_that_does_not_exist_is_missing_on_both_databases(build: Builder, request_id: int) -> None:
    with pytest.raises(Missing):
        request_edits.stored(actor_of(build.user()), request_id, act=Act.REQUEST_VIEW)


def test_a_request_of_another_unit_does_not_exist(build: Builder) -> None:
    foreign = build.request()

    with pytest.raises(Missing):
        request_edits.stored(actor_of(build.user()), foreign.id, act=Act.REQUEST_VIEW)


@pytest.mark.parametrize("pool", [10, 50])
def test_booking_takes_the_same_few_statements_for_any_pool(build: Builder, pool: int) -> None:
    office = build.user()
    actor = actor_of(office)
    for _ in range(pool):
        build.mediator(weekly=())
    requests.submit(actor, new_request(office.organisation_id), "first", NOW)

    with counted(db.engine) as statements:
        requests.submit(actor, _later(office.organisation_id), "second", NOW)

    assert len(statements) == 10


def _later(organisation_id: int | None) -> NewRequest:
    return new_request(organisation_id, starts_at=START + timedelta(days=1))
