"""Keep the table of intake, field of work by kind of organisation, and ask it about a request.

It must not decide what a row does to a request; that is `domain.intake`. A change holds for what is sent from then
on and leaves what was sent before as it is.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.domain.errors import Missing
from dispatch.domain.intake_rules import Rule, TypedRule, Verdict, check
from dispatch.domain.intake_verdicts import Decision, Terms, decide
from dispatch.domain.organisations import OrganisationKind
from dispatch.domain.permissions import Act, Actor, Scope, require, scope
from dispatch.domain.requests import NewRequest
from dispatch.domain.settings import Setting
from dispatch.models import IntakeRule, Organisation, Request, User
from dispatch.services import settings
from dispatch.services.audit import record
from dispatch.services.transactions import reading, run

_YEAR = timedelta(days=365)


class Entry(NamedTuple):
    """A row of the table and how many requests of the last twelve months it would have concerned."""

    row: IntakeRule
    concerned: int


class LookedUp(NamedTuple):
    """On what terms a request is taken, and the rows that were read with the rule of the table."""

    terms: Terms
    unit: Organisation | None
    author: User | None


def entries(actor: Actor, now: datetime) -> list[Entry]:
    """Return the table in the order of fields and kinds; raises Forbidden. Two statements."""
    require(actor, Act.OPTION_VIEW)
    session = reading()
    counted = session.execute(
        select(Request.setting, Organisation.kind, func.count())
        .join(Organisation, Organisation.id == Request.organisation_id)
        .join(IntakeRule, (IntakeRule.setting == Request.setting) & (IntakeRule.organisation_kind == Organisation.kind))
        .where(Request.submitted_at > now - _YEAR)
        .group_by(Request.setting, Organisation.kind)
    )
    numbers = {(setting, kind): number for setting, kind, number in counted}
    rows = session.scalars(select(IntakeRule).order_by(IntakeRule.setting, IntakeRule.organisation_kind))
    return [Entry(row, numbers.get((row.setting, row.organisation_kind), 0)) for row in rows]


def save(actor: Actor, typed: TypedRule, now: datetime) -> None:
    """Write a row of the table, in place of the one there was for this field and kind; raises Invalid, Forbidden."""
    require(actor, Act.OPTION_EDIT)

    def use_case(session: Session) -> None:
        new = check(typed, settings.settings_by_code(session))
        key = (new.setting, new.kind.value)
        row = session.get(IntakeRule, key, with_for_update=True)
        before = row.verdict if row else None
        if row is None:
            row = IntakeRule(setting=key[0], organisation_kind=key[1])
            session.add(row)
        row.verdict = new.rule.verdict.value
        row.text, row.alternative = new.rule.text, new.rule.alternative
        _record(session, actor, row, now, {"from": before, "to": row.verdict})

    run(use_case)


def remove(actor: Actor, setting: str, kind: str, now: datetime) -> None:
    """Take a row out of the table; raises Missing when there is none, Forbidden."""
    require(actor, Act.OPTION_EDIT)

    def use_case(session: Session) -> None:
        row = session.get(IntakeRule, (setting, kind), with_for_update=True)
        if row is None:
            raise Missing
        _record(session, actor, row, now, {"from": row.verdict, "to": None})
        session.delete(row)

    run(use_case)


def terms(session: Session, setting: Setting, organisation_id: int) -> Terms:
    """Return on what terms a unit's request for a field of work is taken; one statement."""
    return look_up(session, setting, organisation_id).terms


def look_up(session: Session, setting: Setting, organisation_id: int, *, author_id: int | None = None) -> LookedUp:
    """Return the same with the rows of the unit and of an account, which a booking needs besides; one statement."""
    of_unit = (IntakeRule.organisation_kind == Organisation.kind) & (IntakeRule.setting == setting.code)
    wanted = select(Organisation, IntakeRule, User).outerjoin(IntakeRule, of_unit)
    found: Any = session.execute(
        wanted.outerjoin(User, User.id == author_id).where(Organisation.id == organisation_id)
    ).one_or_none()
    unit, rule, author = found or (None, None, None)
    return LookedUp(Terms(setting, _value(rule) if rule else None), unit, author)


def of_kind(session: Session, setting: Setting, kind: OrganisationKind) -> Terms:
    """Return on what terms the request of an organisation is taken that has no row yet."""
    row = session.get(IntakeRule, (setting.code, kind.value))
    return Terms(setting, _value(row) if row else None)


def decide_for(actor: Actor, new: NewRequest, on: Terms) -> Decision:
    """Return what becomes of a request that this actor sends: an office is held to the table, the staff looks at it."""
    return decide(new, on, may_override=scope(actor, Act.REQUEST_CREATE) is not Scope.OWN_UNIT)


def preview(actor: Actor, new: NewRequest, setting: Setting) -> Decision:
    """Return what would become of a request that is still being typed."""
    return decide_for(actor, new, terms(reading(), setting, new.organisation_id))


def _value(row: IntakeRule) -> Rule:
    return Rule(Verdict(row.verdict), row.text, row.alternative)


def _record(session: Session, actor: Actor, row: IntakeRule, now: datetime, moved: dict[str, str | None]) -> None:
    facts = {"setting": row.setting, "kind": row.organisation_kind, **moved}
    record(session, actor, "change_rule", ("intake_rule", 0), now, facts=facts)
