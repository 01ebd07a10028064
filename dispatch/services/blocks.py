"""Keep the talks of a block: each with its time, reference and case code, and what became of it afterwards.

How they stand in the request's time is decided by `domain.blocks`.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from dispatch.domain import blocks as rules
from dispatch.domain.blocks import PlannedTalk, TalkOutcome, TypedTalk
from dispatch.domain.case_tokens import make_case_token
from dispatch.domain.errors import Invalid
from dispatch.domain.findings import Findings
from dispatch.domain.intervals import Interval
from dispatch.domain.permissions import Act, Actor
from dispatch.models import Request, RequestTalk
from dispatch.services import options
from dispatch.services.audit import record
from dispatch.services.request_access import load
from dispatch.services.transactions import run


def write(session: Session, request: Request, talks: Sequence[PlannedTalk], *, is_new: bool) -> None:
    """Make the talks of a stored request those of the value; a talk without a case code gets a new one.

    Raises Invalid (`talks.lines`: `unknown`) for a code that the unit has no case of.
    """
    _refuse_unknown(session, request, [talk.case_token for talk in talks if talk.case_token])
    if not is_new:
        session.execute(delete(RequestTalk).where(RequestTalk.request_id == request.id))
    session.add_all(
        RequestTalk(
            request_id=request.id,
            position=position,
            starts_at=talk.starts_at,
            ends_at=talk.ends_at,
            reference=talk.reference,
            case_token=talk.case_token or make_case_token(secrets.choice),
        )
        for position, talk in enumerate(talks)
    )


def rows(session: Session, request: Request) -> Sequence[RequestTalk]:
    """Return the talks of a request in their order; no statement for a request that is one talk."""
    if not request.talk_count:
        return ()
    wanted = select(RequestTalk).where(RequestTalk.request_id == request.id).order_by(RequestTalk.position)
    return session.scalars(wanted).all()


def read(session: Session, request: Request) -> tuple[PlannedTalk, ...]:
    """Return them as the values they were made from."""
    return tuple(
        PlannedTalk(row.starts_at, row.ends_at, row.reference, row.case_token) for row in rows(session, request)
    )


def move(session: Session, request: Request) -> None:
    """Lay the talks of a locked request out anew from its new start.

    Raises Invalid (`ends_at`: `shorter_than_talks`) when they do not fit into its new time.
    """
    talks = rows(session, request)
    if not talks:
        return
    minutes = [int((talk.ends_at - talk.starts_at).total_seconds()) // 60 for talk in talks]
    laid = rules.lay_out(request.starts_at, minutes, options=options.read(rules.DEFAULT))
    if laid[-1].end > request.ends_at:
        raise Invalid({"ends_at": ("shorter_than_talks",)})
    for talk, time in zip(talks, laid, strict=True):
        talk.starts_at, talk.ends_at = time.start, time.end


def end_of(start: datetime, talks: Sequence[TypedTalk]) -> datetime | None:
    """Return when a block ends that begins at `start`; None when that is beyond every calendar."""
    try:
        return rules.lay_out(start, [talk.minutes for talk in talks], options=options.read(rules.DEFAULT))[-1].end
    except OverflowError:
        return None


def note_outcomes(actor: Actor, request_id: int, outcomes: Mapping[int, str], now: datetime) -> None:
    """Note what became of the talks of a block, by their position; the empty word takes a noted outcome back.

    Raises Missing, Forbidden, and Invalid (`outcome`) for a word that is none (`unknown`), `not_yet` and `too_late`;
    then nothing is noted. A position without a talk is left out.
    """
    findings = Findings()
    noted = {position: findings.member("outcome", TalkOutcome, word) for position, word in outcomes.items()}
    findings.raise_if_any()

    def use_case(session: Session) -> None:
        request = load(session, actor, Act.REQUEST_EDIT, request_id, lock=True)
        block = Interval(request.starts_at, request.ends_at)
        shipped = options.read(rules.DEFAULT)
        changed = [
            (talk, noted[talk.position])
            for talk in rows(session, request)
            if talk.position in noted and talk.outcome != noted[talk.position]
        ]
        for talk, outcome in changed:
            if refused := rules.refuses_outcome(outcome, now, talk.starts_at, block, options=shipped):
                raise Invalid({"outcome": (refused,)})
            facts = {"talk": talk.position, "from": talk.outcome, "to": outcome}
            talk.outcome = outcome
            record(session, actor, "note_outcome", ("request", request.id), now, facts=facts)

    run(use_case)


def has_case(session: Session, organisation_id: int, token: str) -> bool:
    """Tell whether a unit has a case of this code, in a request of its own or in a talk of a block."""
    return token in _known(session, organisation_id, [token])


def _refuse_unknown(session: Session, request: Request, tokens: Iterable[str]) -> None:
    typed = set(tokens)
    if typed and typed - _known(session, request.organisation_id, typed):
        raise Invalid({"talks.lines": ("unknown",)})


def _known(session: Session, organisation_id: int, tokens: Iterable[str]) -> set[str]:
    asked = list(tokens)
    found = session.execute(
        select(Request.case_token, RequestTalk.case_token)
        .outerjoin(RequestTalk, RequestTalk.request_id == Request.id)
        .where(
            Request.organisation_id == organisation_id,
            or_(Request.case_token.in_(asked), RequestTalk.case_token.in_(asked)),
        )
    )
    return {token for row in found for token in row if token}
