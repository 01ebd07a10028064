"""Take down who asked, with a request that reached the coordination by phone, mail or in person; see who would fit it.

A look at the pool writes nothing: the request it is for has no row. Rules of what must be noted are `domain.intake`'s.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.domain import intake as rules
from dispatch.domain.availability import Answer
from dispatch.domain.eligibility import Code, codes_of
from dispatch.domain.intake import UNSTORED, Intake
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.permissions import Act, Actor, Subject, require
from dispatch.domain.requests import NewRequest
from dispatch.domain.settings import Setting
from dispatch.models import Request
from dispatch.services import asked, matching, organisations, request_rows
from dispatch.services.audit import OnBehalf
from dispatch.services.transactions import reading

BEST = 3
"""So many names are read out on the phone."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How many people would fit a request, how many of them never gave their times, and the best names.

    `speakers` are the active people who speak it; `fails_most` is what most of those who do not fit fail.
    """

    total: int
    times_unknown: int
    best: tuple[str, ...]
    speakers: int
    fails_most: Code | None


def look(actor: Actor, new: NewRequest, setting: Setting, now: datetime) -> Fit:
    """Return who would fit a request that holds and is not stored; the same people as after storing it.

    Three statements, none of which writes. Raises Missing and Forbidden like the page of who fits.
    """
    area = new.place.social_area if new.place else None
    require(actor, Act.CANDIDATE_VIEW, Subject(organisation_id=new.organisation_id, area=area))
    wanted = asked.of(_unstored(new), setting, new.avoid_municipalities)
    ranking = matching.rank_asked(reading(), wanted, now, None)
    active = [one for one in ranking.ineligible if one.person.candidate.active]
    fitting = [one.person for one in ranking.eligible]
    return Fit(
        total=len(fitting),
        times_unknown=sum(person.candidate.availability is Answer.UNKNOWN for person in fitting),
        best=tuple(person.mediator.name for person in fitting[:BEST]),
        speakers=len(fitting) + len(active),
        fails_most=rules.fails_most(codes_of(one.failures) for one in active),
    )


def note(request: Request, intake: Intake | None, on_behalf: OnBehalf | None) -> None:
    """Write who asked, and over which channel, into the row of a request that the coordination takes down."""
    if on_behalf is not None:
        request.intake_channel = on_behalf.channel
    if intake is not None:
        request.caller_name, request.caller_phone = intake.caller_name, intake.caller_phone
        request.caller_email = intake.caller_email


def with_office(session: Session, actor: Actor, new: NewRequest, intake: Intake | None, now: datetime) -> NewRequest:
    """Enter the organisation that is not yet known, if any, and return the request with it.

    Raises Forbidden for who may not enter one.
    """
    if intake is None or intake.organisation is None:
        return new
    return replace(new, organisation_id=organisations.create_in(session, actor, intake.organisation, now).id)


def noted(request: Request) -> Intake:
    """Return who asked as it stands in the row."""
    return Intake(request.caller_name, request.caller_phone, request.caller_email)


def _unstored(new: NewRequest) -> Request:
    """Return a row that no session knows, for the rules that read rows; its key is that of none."""
    request = Request(id=UNSTORED, state=RequestState.DRAFT.value, revision=1, stepped_back=False)
    request_rows.write(request, new)
    request.case_token = new.case_token
    return request
