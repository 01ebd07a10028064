"""The unit for residents is nobody's; residents are written to never, called with care, and forgotten in time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dispatch.database import run
from dispatch.domain.errors import Invalid, Missing
from dispatch.domain.help_requests import Contact, Progress, Way
from dispatch.domain.organisations import TypedOrganisation
from dispatch.domain.permissions import Actor, Role
from dispatch.models import HelpRequest, Organisation, OutboxMessage, Request, User
from dispatch.services import (
    booking_contexts,
    call_lists,
    closing,
    help_requests,
    members,
    organisation_lists,
    organisations,
    residents,
    retention,
    sights,
)
from dispatch.services.call_lists import Filters
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder
from tests.services.booking import mails
from tests.services.helping import HOUR, KEY, asked, calls_to_make, coordinator, count, only, said, send


def test_the_first_one_makes_the_unit_and_the_others_find_it(build: Builder) -> None:
    send()
    send(number=2)

    units = reading().scalars(select(Organisation).where(Organisation.is_for_residents)).all()
    assert [(unit.name, unit.kind) for unit in units] == [("Privatpersonen", "other")]
    assert reading().scalars(select(Request.organisation_id).distinct()).all() == [units[0].id]


def test_whoever_comes_second_takes_the_unit_of_the_first(build: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    known = build.organisation(is_for_residents=True)
    seen = iter([None, known])
    monkeypatch.setattr(residents, "_unit", lambda _session: next(seen))

    assert run(lambda session: residents.unit(session, NOW).id) == known.id


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        pytest.param(Contact(Way.PHONE, "+491715550111"), ["request_cancelled"], id="by phone"),
        pytest.param(Contact(Way.CODE), [], id="asks again"),
    ],
)
def test_nobody_writes_to_a_resident_and_somebody_calls_who_may(
    build: Builder, way: Contact, expected: list[str]
) -> None:
    send(asked(contact=way))
    desk = coordinator(build)

    closing.cancel(desk, only().id, "own", NOW)

    assert (mails(only().id), calls_to_make()) == ([], expected)
    listed = call_lists.index(desk, Filters(), NOW)
    assert [(call.name, call.phone, call.is_resident) for call in listed] == [
        ("Privatpersonen", None, True) for _ in expected
    ]


def test_erased_is_gone_at_once_and_the_state_is_still_told(build: Builder) -> None:
    code = send(asked(contact=Contact(Way.MAIL, "a@example.org", "B.", "A.", "9–11", wants_mail=True)))
    desk = coordinator(build)

    help_requests.erase(desk, only().id, NOW)
    help_requests.erase(desk, only().id, NOW + HOUR)

    row = said()
    assert [getattr(row, name) for name in help_requests.CONTACT] == [None] * 5
    assert row.erased_at == NOW
    mail = reading().scalars(select(OutboxMessage).execution_options(populate_existing=True)).one()
    assert (mail.recipient, mail.state) == ("", "dropped")
    assert help_requests.progress(code, "net", NOW, key=KEY) is Progress.LOOKED_AT
    with pytest.raises(Missing):
        help_requests.erase(desk, build.request().id, NOW)


def test_a_confirmation_leaves_only_if_asked_for_and_names_no_request(build: Builder) -> None:
    send(asked(contact=Contact(Way.MAIL, "a@example.org")))
    assert count(OutboxMessage) == 0

    for number in range(2, 7):
        send(asked(contact=Contact(Way.MAIL, "a@example.org", wants_mail=True)), number=number)

    rows = reading().scalars(select(OutboxMessage)).all()
    found = {(row.kind, row.recipient, row.locale, row.request_id) for row in rows}
    assert found == {("help_request_received", "a@example.org", "ar", None)}
    assert len(rows) == 3


def test_contacts_go_a_fortnight_after_the_request_was_closed(build: Builder) -> None:
    send(asked(contact=Contact(Way.MAIL, "a@example.org", wants_mail=True)))
    send(number=2)
    first = reading().scalars(select(Request).order_by(Request.id)).first()
    assert first is not None
    closing.cancel(coordinator(build), first.id, "own", NOW)
    due = NOW + timedelta(days=14)

    early, dry = retention.apply(due - timedelta(seconds=1)), retention.apply(due, dry_run=True)
    found = retention.apply(due)

    assert [early[kind] for kind in ("resident_contacts", "resident_mails")] == [0, 0]
    assert [dry[kind] for kind in ("resident_contacts", "resident_mails")] == [1, 1]
    assert found == dry
    rows = reading().scalars(
        select(HelpRequest).order_by(HelpRequest.request_id).execution_options(populate_existing=True)
    )
    assert [(row.contact, row.way, row.erased_at) for row in rows] == [
        (None, None, due), ("+491715550111", "phone", None),
    ]  # fmt: skip
    assert retention.apply(due)["resident_contacts"] == 0


def test_the_unit_for_residents_is_nobodys_to_choose_join_or_stop(build: Builder) -> None:
    send()
    unit, other, desk = only().organisation_id, build.organisation(), coordinator(build)
    staff = Actor(build.user("administrator").id, Role.ADMINISTRATOR)

    assert unit not in [one.id for one in booking_contexts.units_for(desk)]
    assert unit not in dict(organisation_lists.names(desk))
    assert unit not in [one.id for one in organisation_lists.possible_parents(desk)]
    context = booking_contexts.context_for(desk, unit, names_people=False)
    assert context.organisations == frozenset()
    with pytest.raises(Missing):
        members.invite(staff, unit, members.TypedMember("N", "n@example.org", "de"), NOW)
    with pytest.raises(Invalid):
        sights.grant(staff, other.id, unit, NOW)
    row = organisations.detail(desk, unit)
    for changes in ({"active": False}, {"parent": other.id}):
        typed: TypedOrganisation = replace(organisations.typed_of(row), **changes)
        with pytest.raises(Invalid) as refused:
            organisations.update(desk, unit, typed, row.organisation.version, NOW)
        assert refused.value.errors == {next(iter(changes)): ("for_residents",)}
    assert reading().scalar(select(func.count(User.id)).where(User.organisation_id == unit)) == 0
