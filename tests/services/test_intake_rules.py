"""The table of intake: who keeps it, what it does to a request on every way in, and what a refusal leaves behind."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.domain.errors import Forbidden, Invalid, Missing, NotTaken
from dispatch.domain.intake_rules import Rule, TypedRule, Verdict
from dispatch.domain.intake_verdicts import Terms
from dispatch.domain.organisations import OrganisationKind
from dispatch.domain.settings import SETTINGS
from dispatch.models import AuditEntry, IntakeRule, Organisation, Request, UnaskedNeed, User
from dispatch.services import intake_rules, request_edits, requests
from dispatch.services.audit import OnBehalf
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder
from tests.services.booking import actor_of, new_request, stored

REFUSAL = TypedRule("parent_talk", "school", "refuse", "Das Landesamt stellt selbst jemanden.", "Landesamt")
HOUR = timedelta(hours=1)


@pytest.fixture
def office(build: Builder) -> User:
    return build.user()


@pytest.fixture
def administrator(build: Builder) -> User:
    return build.user("administrator")


def rule(administrator: User, verdict: str = "refuse", setting: str = "parent_talk", kind: str = "school") -> None:
    """Write a row of the table."""
    intake_rules.save(
        actor_of(administrator), TypedRule(setting, kind, verdict, REFUSAL.text, REFUSAL.alternative), NOW
    )


def send(user: User, nonce: str = "n1", now: Any = NOW, **values: Any) -> int:
    """Send a request of the user's own unit."""
    return requests.submit(actor_of(user), new_request(user.organisation_id, **values), nonce, now)


def needs() -> list[tuple[Any, ...]]:
    """Every need that was counted, the first one first."""
    rows = reading().scalars(select(UnaskedNeed).order_by(UnaskedNeed.id)).all()
    return [
        (row.origin, row.language, row.setting, row.organisation_kind, row.municipality, row.minutes) for row in rows
    ]


def test_a_rule_concerns_its_own_field_and_kind(build: Builder, office: User, administrator: User) -> None:
    rule(administrator)
    practice = build.organisation(kind="practice")
    talk, doctor = SETTINGS["parent_talk"], SETTINGS["doctor"]

    found = intake_rules.terms(reading(), talk, office.organisation_id or 0)

    assert found == Terms(talk, Rule(Verdict.REFUSE, REFUSAL.text, REFUSAL.alternative))
    assert intake_rules.of_kind(reading(), talk, OrganisationKind.SCHOOL) == found
    assert intake_rules.terms(reading(), talk, practice.id).rule is None
    assert intake_rules.terms(reading(), doctor, office.organisation_id or 0).rule is None


def test_a_refused_request_is_not_stored_and_counts_as_need(office: User, administrator: User) -> None:
    rule(administrator)

    with pytest.raises(NotTaken) as refused:
        send(office)

    assert (refused.value.text, refused.value.alternative) == (REFUSAL.text, REFUSAL.alternative)
    assert reading().scalars(select(Request)).all() == []
    assert needs() == [("refused", "prs", "parent_talk", "school", "14627140", 60)]


def test_a_refusal_counts_once_an_hour_for_the_same_wish(build: Builder, office: User, administrator: User) -> None:
    rule(administrator)
    tries: tuple[Any, ...] = ((office, NOW, {}), (office, NOW + HOUR / 2, {}), (office, NOW, {"languages": ("so",)}))
    other = build.user(organisation_id=build.organisation().id)

    for user, now, values in (*tries, (other, NOW, {}), (office, NOW + HOUR, {})):
        with pytest.raises(NotTaken):
            send(user, "n", now, **values)

    assert [need[1] for need in needs()] == ["prs", "so", "prs", "prs"]


def test_a_rule_sends_a_request_to_review_or_takes_it_without(office: User, administrator: User) -> None:
    rule(administrator, "review")
    rule(administrator, "allow", "court")

    looked_at, taken = stored(send(office)), stored(send(office, "n2", setting="court"))

    assert (looked_at.state, looked_at.review_reasons) == ("in_review", "rule")
    assert (taken.state, taken.review_reasons) == ("submitted", None)


def test_the_coordination_enters_what_the_table_refuses_for_a_look(
    build: Builder, office: User, administrator: User
) -> None:
    rule(administrator)
    new = new_request(office.organisation_id)

    found = requests.submit(actor_of(build.user("coordinator")), new, "n1", NOW, on_behalf=OnBehalf("phone"))

    assert (stored(found).state, stored(found).review_reasons, needs()) == ("in_review", "rule", [])


def test_an_edit_is_held_to_the_table_and_a_rule_never_rewrites_what_was_sent(
    office: User, administrator: User
) -> None:
    actor, unit = actor_of(office), office.organisation_id
    request_id = send(office, setting="doctor")
    rule(administrator, setting="doctor")
    rule(administrator)

    noted = new_request(unit, setting="doctor", notes="Bitte klingeln")
    request_edits.edit(actor, request_id, stored(request_id).version, noted, NOW)
    with pytest.raises(NotTaken):
        request_edits.edit(actor, request_id, stored(request_id).version, new_request(unit), NOW)

    assert (stored(request_id).setting, stored(request_id).notes) == ("doctor", "Bitte klingeln")
    assert [need[2] for need in needs()] == ["parent_talk"]


def test_a_changed_rule_replaces_the_one_before_and_stands_in_the_log(administrator: User) -> None:
    actor = actor_of(administrator)
    rule(administrator)
    rule(administrator, "review")
    intake_rules.remove(actor, "parent_talk", "school", NOW)

    moves = [
        (entry.facts["from"], entry.facts["to"])
        for entry in reading().scalars(
            select(AuditEntry).where(AuditEntry.act == "change_rule").order_by(AuditEntry.id)
        )
    ]
    assert moves == [(None, "refuse"), ("refuse", "review"), ("review", None)]
    assert reading().scalars(select(IntakeRule)).all() == []
    with pytest.raises(Missing):
        intake_rules.remove(actor, "parent_talk", "school", NOW)


def test_only_the_administration_writes_rules(build: Builder) -> None:
    with pytest.raises(Forbidden):
        intake_rules.save(actor_of(build.user("coordinator")), REFUSAL, NOW)
    with pytest.raises(Invalid):
        intake_rules.save(actor_of(build.user("administrator")), TypedRule(), NOW)


def test_the_table_says_how_many_requests_a_rule_would_have_concerned(build: Builder, administrator: User) -> None:
    school = build.organisation()
    for days in (1, 30, 400):
        build.request(organisation_id=school.id, submitted_at=NOW - timedelta(days=days))
    build.request(organisation_id=build.organisation(kind="practice").id)
    assert isinstance(school, Organisation)
    rule(administrator)

    entries = intake_rules.entries(actor_of(administrator), NOW)

    assert [(entry.row.setting, entry.concerned) for entry in entries] == [("parent_talk", 2)]
