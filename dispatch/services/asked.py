"""Load what a request asks for, as the conditions and the score want it.

It must not look at people; they are `candidates`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from dispatch.domain import languages as language_rules
from dispatch.domain import travel
from dispatch.domain.candidates import Gender, Wanted, minutes_by_week
from dispatch.domain.errors import Missing
from dispatch.domain.intervals import Interval, to_local
from dispatch.domain.languages import Level
from dispatch.domain.modes import Mode
from dispatch.domain.ranking import Preferences
from dispatch.domain.requests import Continuity
from dispatch.domain.settings import Qualification, Setting, documents_demanded
from dispatch.models import Organisation, Request, RequestAvoided
from dispatch.reference import places
from dispatch.reference.languages import all_languages
from dispatch.services import local_time, settings


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with its setting, what it demands, and where: `place` is None for one without a place.

    `speakers_of` names every language whose speakers are looked at, related ones included.
    """

    request: Request
    setting: Setting
    organisation_name: str
    wanted: Wanted
    place: travel.Place | None
    speakers_of: frozenset[str]

    @property
    def place_name(self) -> str | None:
        """The municipality or town of the request."""
        row = self.request
        place = places.find_place(ags=row.municipality, postal_code=row.postal_code, town=row.town)
        return place.town if place else row.town

    def preferences(self, mean_load: float) -> Preferences:
        """Return what the request would like; the mean load is the pool's to know."""
        request = self.request
        return Preferences(
            gender=Gender(request.gender) if request.gender and not request.gender_strict else None,
            preferred=frozenset(one.mediator_id for one in request.people if one.relation == "preferred"),
            continuity=request.continuity == Continuity.GERN,
            dialect=request.dialect,
            mean_load=mean_load,
        )


def load(session: Session, request_id: int) -> Asked:
    """Return what a request asks for, with one statement; raises Missing."""
    return _asked(session, _statement().where(Request.id == request_id))


def reload(session: Session, request: Request) -> Asked:
    """Return the same for a request already at hand, locked or changed in this transaction."""
    session.flush()
    return _asked(session, _statement().where(Request.id == request.id))


def place_of(
    point: tuple[float | None, float | None],
    municipality: str | None,
    postal_code: str | None,
    town: str | None,
    address: str | None,
) -> travel.Place | None:
    """Return a stored place as ways are measured from it; None without a point (latitude, longitude)."""
    lat, lon = point
    if lat is None or lon is None:
        return None
    key = _address_key(municipality, postal_code, town, address) if address else None
    return travel.Place(travel.Point(lat, lon), municipality, key)


def _statement() -> Select[Request, str, str]:
    return (
        select(Request, Organisation.name, RequestAvoided.municipality)
        .join(Organisation, Organisation.id == Request.organisation_id)
        .outerjoin(RequestAvoided, RequestAvoided.request_id == Request.id)
        .options(joinedload(Request.languages), joinedload(Request.people))
    )


def _asked(session: Session, statement: Select[Request, str, str]) -> Asked:
    rows = session.execute(statement).unique().all()
    if not rows:
        raise Missing
    request, organisation_name = rows[0][0], rows[0][1]
    setting = settings.setting(session, request.setting)
    avoided = frozenset(found[2] for found in rows if found[2])
    return of(request, setting, avoided, organisation_name=organisation_name)


def of(request: Request, setting: Setting, avoided: frozenset[str], *, organisation_name: str = "") -> Asked:
    """Return what a request at hand asks for, stored or not; its languages and people are loaded."""
    codes = [language.code for language in request.languages]
    return Asked(
        request=request,
        setting=setting,
        organisation_name=organisation_name,
        wanted=_wanted(request, setting, avoided),
        place=place_of(
            (request.lat, request.lon),
            request.municipality,
            request.postal_code,
            request.town,
            request.address,
        ),
        speakers_of=speakers_of(codes),
    )


def speakers_of(codes: Iterable[str]) -> frozenset[str]:
    """Return every language whose speakers are looked at for a request of these, related ones included."""
    return frozenset().union(*language_rules.serving_all(codes, _table(), related=True))


def _wanted(request: Request, setting: Setting, avoided: frozenset[str]) -> Wanted:
    interval = Interval(request.starts_at, request.ends_at)
    codes = [language.code for language in request.languages]
    qualifications = [setting.qualification, Qualification(request.qualification or Qualification.LAY)]
    return Wanted(
        interval=interval,
        day=to_local(interval.start, local_time.zone()).date(),
        minutes=minutes_by_week(interval, local_time.zone()),
        serving=language_rules.serving_all(codes, _table(), related=request.accept_related),
        language_level=Level(request.level) if request.level else setting.language_level,
        german_level=setting.german_level,
        setting=request.setting,
        modes=tuple(_modes(request)),
        qualification=max(qualifications, key=list(Qualification).index),
        documents=documents_demanded(setting, minor=request.minor),
        gender=Gender(request.gender) if request.gender and request.gender_strict else None,
        municipality=request.municipality,
        avoided_municipalities=avoided,
        stepped_back=request.stepped_back,
        entered_afterwards=request.entered_afterwards,
    )


def _modes(request: Request) -> Iterable[Mode]:
    """Yield the wanted mode, then the named fallbacks."""
    yield Mode(request.mode)
    fallbacks = (
        (Mode.ON_SITE, request.fallback_on_site),
        (Mode.PHONE, request.fallback_phone),
        (Mode.VIDEO, request.fallback_video),
    )
    yield from (mode for mode, is_named in fallbacks if is_named and mode != request.mode)


@lru_cache(maxsize=1)
def _table() -> dict[str, language_rules.Row]:
    return {language.code: language for language in all_languages()}


@lru_cache(maxsize=4096)
def _address_key(municipality: str | None, postal_code: str | None, town: str | None, address: str) -> str | None:
    place = places.find_place(ags=municipality, postal_code=postal_code, town=town)
    return places.address_key(place, address) if place else None
