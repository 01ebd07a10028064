"""Write a request's values into its row and read them back, so that rules see the same value twice.

It must not decide what a change means.
"""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatch.domain.blocks import PlannedTalk
from dispatch.domain.candidates import Gender
from dispatch.domain.languages import Level
from dispatch.domain.modes import Mode
from dispatch.domain.requests import Consent, Continuity, NewRequest, Policy
from dispatch.domain.settings import Protection, Qualification
from dispatch.models import Request, RequestAvoided, RequestLanguage, RequestPerson
from dispatch.reference import places

_SAME = (
    "organisation_id", "setting", "starts_at", "ends_at", "accept_related", "dialect", "language_text", "address",
    "place_note", "access_phone", "access_url", "contact_name", "contact_phone", "gender_strict", "minor",
    "last_useful_answer_at", "reference", "notes", "entered_afterwards", "meeting_point", "wants_approval",
)  # fmt: skip
"""Fields that stand in the row as they stand in the value; the case token is the service's to give."""

_CODES = ("protection", "mode", "consent", "level", "gender", "qualification", "continuity", "policy")


def write(request: Request, new: NewRequest) -> None:
    """Set every column and child row but the avoided municipalities, see `write_avoided`."""
    for name in _SAME:
        setattr(request, name, getattr(new, name))
    for name in _CODES:
        member = getattr(new, name)
        setattr(request, name, member.value if member else None)
    request.talk_count = len(new.talks)
    request.fallback_on_site = Mode.ON_SITE in new.fallback_modes
    request.fallback_phone = Mode.PHONE in new.fallback_modes
    request.fallback_video = Mode.VIDEO in new.fallback_modes
    place = new.place
    request.municipality = place.ags if place else None
    request.postal_code = place.postal_code if place else None
    request.town = place.town if place else None
    request.lat = place.lat if place else None
    request.lon = place.lon if place else None
    request.languages = [RequestLanguage(position=at, code=code) for at, code in enumerate(new.languages)]
    request.people = [
        RequestPerson(mediator_id=mediator_id, relation=relation)
        for relation, ids in (("preferred", new.preferred_mediators), ("excluded", new.exclude_mediators))
        for mediator_id in sorted(ids)
    ]


def write_avoided(session: Session, request: Request, new: NewRequest, *, is_new: bool) -> None:
    """Make the avoided municipalities of a stored request those of the value."""
    if not is_new:
        session.execute(delete(RequestAvoided).where(RequestAvoided.request_id == request.id))
    session.add_all(RequestAvoided(request_id=request.id, municipality=ags) for ags in sorted(new.avoid_municipalities))


def read_avoided(session: Session, request_id: int) -> list[str]:
    """Return the municipalities whose people the request avoids."""
    wanted = select(RequestAvoided.municipality).where(RequestAvoided.request_id == request_id)
    return list(session.scalars(wanted))


def read(request: Request, avoided: Iterable[str] = (), talks: Iterable[PlannedTalk] = ()) -> NewRequest:
    """Return a request, its languages and people loaded, as the value it was made from."""
    values = {name: getattr(request, name) for name in _SAME}
    return NewRequest(
        **values,
        languages=tuple(language.code for language in request.languages),
        protection=Protection(request.protection),
        mode=Mode(request.mode),
        consent=Consent(request.consent),
        level=Level(request.level) if request.level else None,
        fallback_modes=fallback_modes(request),
        place=_place(request),
        gender=Gender(request.gender) if request.gender else None,
        qualification=Qualification(request.qualification) if request.qualification else None,
        case_token=request.case_token,
        continuity=Continuity(request.continuity),
        preferred_mediators=_people(request, "preferred"),
        exclude_mediators=_people(request, "excluded"),
        avoid_municipalities=frozenset(avoided),
        policy=Policy(request.policy),
        talks=tuple(talks),
    )


def fallback_modes(request: Request) -> tuple[Mode, ...]:
    """Return the named fallbacks in the order of `Mode`."""
    named = {
        Mode.ON_SITE: request.fallback_on_site,
        Mode.PHONE: request.fallback_phone,
        Mode.VIDEO: request.fallback_video,
    }
    return tuple(mode for mode, is_named in named.items() if is_named)


def _place(request: Request) -> places.Place | None:
    return places.find_place(ags=request.municipality, postal_code=request.postal_code, town=request.town)


def _people(request: Request, relation: str) -> frozenset[int]:
    return frozenset(person.mediator_id for person in request.people if person.relation == relation)
