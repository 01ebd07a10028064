"""Applications: one answer for every address, kept half filled, confirmed by a link, erased, led into the pool."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from dispatch.domain.applicants import ApplicantState, Step, TypedStep
from dispatch.domain.errors import Forbidden, Invalid, LinkExpired, Missing, MoveRefused, Throttled
from dispatch.domain.permissions import Actor, Role
from dispatch.models import Applicant, ApplicantStep, AuditEntry, Mediator, MediatorDocument, OutboxMessage
from dispatch.models import WeeklyWindow as WindowRow
from dispatch.services import applicants, links, onboarding
from dispatch.services.applicants import Entry
from dispatch.services.transactions import reading
from tests.builders import MEISSEN, NOW, Builder

KEY = "the key of this test"
COMPLETE: Mapping[str, Any] = {
    "name": "Hanna Tesfay", "phone": "0171 3920077", "home": "Meißen", "place": [MEISSEN["municipality"], "", ""],
    "languages": [["ti", "native"]], "german_level": "C1", "gender": "", "modes": ["on_site"], "transport": "public",
    "times": ["0-morning", "0-afternoon"],
}  # fmt: skip
SENT = Entry("hanna@example.org", COMPLETE, "ti", consents=True)
BEGUN = Entry("hanna@example.org", {"name": "Hanna"}, "ti")


def token(applicant_id: int) -> str:
    return links.issue("applicant", applicant_id, key=KEY, now=NOW)


def mails() -> list[tuple[str, str, str]]:
    wanted = select(OutboxMessage.kind, OutboxMessage.recipient, OutboxMessage.locale).order_by(OutboxMessage.id)
    reading().close()
    return [(kind, recipient, locale) for kind, recipient, locale in reading().execute(wanted)]


def states() -> list[tuple[str, str]]:
    reading().close()
    rows = reading().execute(select(Applicant.state, Applicant.email).order_by(Applicant.id))
    return [(state, email) for state, email in rows]


def acts() -> list[str]:
    reading().close()
    of_applicants = AuditEntry.subject == "applicant"
    return list(reading().scalars(select(AuditEntry.act).where(of_applicants).order_by(AuditEntry.id)))


def coordinator(build: Builder) -> Actor:
    return Actor(build.user("coordinator").id, Role.COORDINATOR)


def test_every_address_gets_its_own_link_and_nobody_learns_who_is_known(build: Builder) -> None:
    build.applicant(email="hanna@example.org")

    applicants.start(BEGUN, NOW, client="here", is_sent=False)
    applicants.start(replace(SENT, email="nobody@example.org"), NOW, client="here", is_sent=True)

    assert states() == [
        ("confirmed", "hanna@example.org"), ("started", "hanna@example.org"), ("started", "nobody@example.org"),
    ]  # fmt: skip
    assert mails() == [
        ("applicant_continue", "hanna@example.org", "ti"), ("applicant_confirm", "nobody@example.org", "ti"),
    ]  # fmt: skip


def test_one_address_and_one_network_get_only_so_many_mails(build: Builder) -> None:
    for _time in range(3):
        applicants.start(BEGUN, NOW, client="here", is_sent=False)

    with pytest.raises(Throttled):
        applicants.start(BEGUN, NOW, client="elsewhere", is_sent=False)
    for number in range(17):
        applicants.start(replace(BEGUN, email=f"a{number}@example.org"), NOW, client="here", is_sent=False)
    with pytest.raises(Throttled):
        applicants.start(replace(BEGUN, email="b@example.org"), NOW, client="here", is_sent=False)
    applicants.start(BEGUN, NOW + timedelta(hours=1), client="here", is_sent=False)


def test_half_filled_is_kept_and_a_complete_form_by_the_link_is_the_application(build: Builder) -> None:
    applicants.start(BEGUN, NOW, client="here", is_sent=False)
    link = token(1)
    applicants.save(link, replace(BEGUN, answers={"name": "Hanna", "home": "Atlantis"}), NOW)
    kept = applicants.find(link, NOW)
    with pytest.raises(Invalid):
        applicants.send(link, replace(BEGUN, consents=True), NOW)

    applicants.send(link, SENT, NOW)

    assert (kept.answers, kept.state) == ({"name": "Hanna", "home": "Atlantis"}, ApplicantState.STARTED)
    assert [kind for kind, *_rest in mails()] == ["applicant_continue", "applicant_received", "applicant_new"]
    assert (states(), acts()) == ([("confirmed", "hanna@example.org")], ["start", "confirm"])


def test_a_sent_form_is_confirmed_by_the_button_and_replaces_the_earlier_ones(build: Builder) -> None:
    build.applicant(email="hanna@example.org", steps=("talk",), note="ruft an")
    build.applicant(email="hanna@example.org", state="started")
    applicants.start(SENT, NOW, client="here", is_sent=True)

    applicants.confirm(token(3), NOW)
    applicants.confirm(token(3), NOW)

    row = reading().scalars(select(Applicant)).one()
    assert (row.id, row.state, row.note) == (3, "confirmed", "ruft an")
    assert reading().scalars(select(ApplicantStep.applicant_id)).all() == [3]
    assert acts() == ["start", "confirm"]


def test_deleting_leaves_nothing_but_a_count(build: Builder) -> None:
    row = build.applicant(steps=("talk",), note="ruft an")
    link = token(row.id)

    applicants.erase(link, NOW)

    stored = reading().get_one(Applicant, row.id)
    assert (stored.state, stored.email, stored.answers, stored.note) == ("withdrawn", "", {}, None)
    assert reading().scalar(select(func.count()).select_from(ApplicantStep)) == 0
    assert acts() == ["withdraw"]
    with pytest.raises(LinkExpired):
        applicants.find(link, NOW)
    with pytest.raises(LinkExpired):
        applicants.erase(link, NOW)


@pytest.mark.parametrize("state", ["started", "withdrawn"])
def test_what_was_not_sent_does_not_exist_for_the_coordination(build: Builder, state: str) -> None:
    row, actor = build.applicant(state=state), coordinator(build)

    assert onboarding.counts(actor)[ApplicantState(state)] == 1
    assert onboarding.find(actor, ApplicantState(state)) == ()
    with pytest.raises(Missing):
        onboarding.get(actor, row.id)
    with pytest.raises(Missing):
        onboarding.decline(actor, row.id, "", NOW)
    with pytest.raises(Forbidden):
        onboarding.get(Actor(1, Role.ADMINISTRATOR), row.id)


def test_a_step_is_taken_changed_and_taken_back(build: Builder) -> None:
    row, actor = build.applicant(), coordinator(build)
    today = NOW.date()

    onboarding.take_step(actor, row.id, TypedStep("talk", today, note="gut"), NOW)
    onboarding.take_step(actor, row.id, TypedStep("talk", today - timedelta(days=1)), NOW)
    taken = onboarding.get(actor, row.id).taken
    onboarding.undo_step(actor, row.id, Step.TALK, NOW)

    assert [(one.step, one.done_on, one.note) for one in taken.values()] == [("talk", today - timedelta(days=1), None)]
    assert onboarding.get(actor, row.id).taken == {}
    assert acts() == ["take_step", "take_step", "undo_step"]


def test_taking_in_makes_the_record_with_times_and_documents(build: Builder) -> None:
    row, actor = build.applicant(ui_language="ti", steps=("talk", "undertaking", "certificate")), coordinator(build)

    mediator_id = onboarding.take_in(actor, row.id, row.version, NOW)

    person = reading().get_one(Mediator, mediator_id)
    assert (person.name, person.email, person.active, person.ui_language) == ("Hanna Tesfay", row.email, True, "ti")
    windows = select(WindowRow.weekday, WindowRow.start_minute, WindowRow.end_minute).order_by(WindowRow.weekday)
    assert [tuple(one) for one in reading().execute(windows)] == [(0, 480, 1020), (2, 1020, 1200)]
    papers = select(MediatorDocument.type, MediatorDocument.seen_on, MediatorDocument.issued_on)
    assert {tuple(one) for one in reading().execute(papers)} == {
        ("undertaking", NOW.date(), None), ("conduct_certificate", NOW.date(), NOW.date() - timedelta(days=30)),
    }  # fmt: skip
    assert mails() == [("applicant_welcome", row.email, "ti")]
    assert (states(), onboarding.of_mediator(mediator_id)) == ([("accepted", "")], row.id)
    onboarding.take_step(actor, row.id, TypedStep("accompanied", NOW.date()), NOW)
    with pytest.raises(MoveRefused):
        onboarding.take_step(actor, row.id, TypedStep("undertaking", NOW.date()), NOW)


def test_nobody_is_taken_in_without_talk_and_undertaking_or_twice(build: Builder) -> None:
    row, actor = build.applicant(steps=("talk",)), coordinator(build)
    ready = build.applicant(steps=("talk", "undertaking"))

    with pytest.raises(Invalid) as refused:
        onboarding.take_in(actor, row.id, row.version, NOW)
    with pytest.raises(MoveRefused):
        onboarding.take_in(actor, ready.id, ready.version + 1, NOW)
    onboarding.take_in(actor, ready.id, ready.version, NOW)
    with pytest.raises(MoveRefused):
        onboarding.take_in(actor, ready.id, ready.version + 1, NOW)

    assert refused.value.errors == {"": ("undertaking_missing",)}
    assert reading().scalar(select(func.count()).select_from(Mediator)) == 1


def test_declining_is_polite_and_keeps_its_reason_inside(build: Builder) -> None:
    row, actor = build.applicant(ui_language="ar"), coordinator(build)

    onboarding.decline(actor, row.id, " zu weit weg ", NOW)

    stored = reading().get_one(Applicant, row.id)
    assert (stored.state, stored.note, mails()) == (
        "declined", "zu weit weg", [("applicant_declined", row.email, "ar")],
    )  # fmt: skip
    applicants.erase(token(row.id), NOW)
    assert states() == [("withdrawn", "")]
