"""Turn the rows of a mediator into her record and back, and tell in which fields two of them differ.

It decides nothing: what may stand in a record is `domain.mediator_checks`.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain import document_types
from dispatch.domain.mediators import NewMediator, PoolContext, TypedDocument, TypedMediator, TypedSpoken
from dispatch.domain.modes import Mode
from dispatch.domain.places import TypedPlace
from dispatch.models import Exclusion, Mediator, MediatorDocument, MediatorLanguage, MediatorSetting, Organisation
from dispatch.reference import languages, places
from dispatch.services import options, settings

LOADED = (
    selectinload(Mediator.languages),
    selectinload(Mediator.settings),
    selectinload(Mediator.documents),
)
"""Load everything that a record is made of, with three statements whatever the number of people."""

_MODES = ((Mode.ON_SITE, "on_site"), (Mode.PHONE, "by_phone"), (Mode.VIDEO, "by_video"))
_AS_TYPED = (
    "name", "call_name", "contact_channel", "german_level", "qualification", "transport", "max_distance_km",
    "weekly_hours_limit", "night", "short_notice", "avoid_own_municipality", "share_phone", "share_surname",
    "active", "ui_language",
)  # fmt: skip
_EMPTY_WHEN_NONE = ("email", "phone", "call_times", "gender", "external_id", "remarks")
_PAGE_LANGUAGES = frozenset({"de", "en"})


def context(session: Session) -> PoolContext:
    """Return what the checks of a record must know."""
    return PoolContext(
        known_languages=frozenset(language.code for language in languages.all_languages()),
        settings=frozenset(settings.settings_by_code(session)),
        places=places,
        organisations=frozenset(session.scalars(select(Organisation.id))),
        document_types=options.read(document_types.DEFAULT),
        ui_languages=_PAGE_LANGUAGES | {language.code for language in languages.all_languages()},
    )


def typed(row: Mediator, refused_organisations: tuple[int, ...] = ()) -> TypedMediator:
    """Return a stored record as if it were typed, for a form or a file to change."""
    plain: dict[str, Any] = {name: getattr(row, name) for name in _AS_TYPED}
    return TypedMediator(
        **plain | {name: getattr(row, name) or "" for name in _EMPTY_WHEN_NONE},
        home=TypedPlace(row.municipality or "", row.postal_code or "", _town_of(row)),
        languages=tuple(TypedSpoken(one.code, one.level, _words(one.dialects)) for one in row.languages),
        experience=_settings(row, "experience"),
        refused_settings=_settings(row, "refused"),
        refused_organisations=refused_organisations,
        modes=tuple(str(mode) for mode, column in _MODES if getattr(row, column)),
        documents=tuple(TypedDocument(one.type, one.seen_on, one.issued_on, one.valid_until) for one in row.documents),
    )


def all_refused_organisations(session: Session, only: Collection[int] | None = None) -> dict[int, tuple[int, ...]]:
    """Return the units that mediators do not want to work for, by mediator; of `only` these if given."""
    wanted = select(Exclusion.mediator_id, Exclusion.organisation_id).where(
        Exclusion.origin == "mediator", Exclusion.organisation_id.is_not(None)
    )
    if only is not None:
        wanted = wanted.where(Exclusion.mediator_id.in_(only))
    found: dict[int, tuple[int, ...]] = {}
    for mediator_id, organisation_id in session.execute(wanted.order_by(Exclusion.organisation_id)):
        if organisation_id is not None:
            found[mediator_id] = (*found.get(mediator_id, ()), organisation_id)
    return found


def refused_organisations(session: Session, mediator_id: int) -> tuple[int, ...]:
    """Return the units a mediator does not want to work for, in order of id."""
    wanted = select(Exclusion.organisation_id).where(
        Exclusion.mediator_id == mediator_id, Exclusion.origin == "mediator", Exclusion.organisation_id.is_not(None)
    )
    return tuple(sorted(id_ for id_ in session.scalars(wanted) if id_ is not None))


def write(row: Mediator, record: NewMediator, *, seen_by_id: int | None) -> tuple[str, ...]:
    """Write a record into its rows and return the names of the fields that changed; units are `write_refusals`.

    Documents that stay as they are keep who saw them; new ones were seen by `seen_by_id`.
    """
    fields = changes(row, record)
    for name, value in _scalars(record).items():
        setattr(row, name, value)
    row.languages = _languages(row, record)
    row.settings = _settings_rows(row, record)
    row.documents = _documents(row, record, seen_by_id)
    return fields


def write_refusals(session: Session, mediator_id: int, record: NewMediator, now: datetime) -> bool:
    """Write which units she refuses; tell whether that changed anything."""
    wanted = select(Exclusion).where(Exclusion.mediator_id == mediator_id, Exclusion.origin == "mediator")
    stored = {row.organisation_id: row for row in session.scalars(wanted)}
    gone = [row for organisation_id, row in stored.items() if organisation_id not in record.refused_organisations]
    added = sorted(record.refused_organisations - {key for key in stored if key is not None})
    for row in gone:
        session.delete(row)
    session.add_all(
        Exclusion(mediator_id=mediator_id, organisation_id=organisation_id, origin="mediator", created_at=now)
        for organisation_id in added
    )
    return bool(gone or added)


def changes(row: Mediator, record: NewMediator) -> tuple[str, ...]:
    """Return the fields in which the stored rows differ from a record, in its order; units are not looked at."""
    stored, wanted = _stored(row), _wanted(record)
    return tuple(name for name in wanted if stored[name] != wanted[name])


def _wanted(record: NewMediator) -> dict[str, Any]:
    scalars = _scalars(record)
    home = (scalars.pop("municipality"), scalars.pop("postal_code"), scalars.pop("town"))
    del scalars["lat"], scalars["lon"]
    return {
        **scalars,
        "home": home,
        "languages": tuple((one.code, str(one.level), _joined(one.dialects)) for one in record.languages),
        "settings": _settings_by_code(record),
        "documents": frozenset(_document_values(record)),
    }


def _stored(row: Mediator) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in (*_AS_TYPED, *_EMPTY_WHEN_NONE)},
        **{column: getattr(row, column) for _mode, column in _MODES},
        "home": (row.municipality, row.postal_code, row.town),
        "languages": tuple((one.code, one.level, one.dialects) for one in row.languages),
        "settings": {one.setting: one.relation for one in row.settings},
        "documents": frozenset((one.type, one.seen_on, one.issued_on, one.valid_until) for one in row.documents),
    }


def _scalars(record: NewMediator) -> dict[str, Any]:
    home = record.home
    return {
        **{name: _plain(getattr(record, name)) for name in (*_AS_TYPED, *_EMPTY_WHEN_NONE)},
        **{column: mode in record.modes for mode, column in _MODES},
        "municipality": home.ags,
        "postal_code": home.postal_code,
        "town": home.town,
        "lat": home.lat,
        "lon": home.lon,
    }


def _plain(value: Any) -> Any:
    return value.value if hasattr(value, "value") else value


def _languages(row: Mediator, record: NewMediator) -> list[MediatorLanguage]:
    known = {one.code: one for one in row.languages}
    rows = []
    for position, spoken in enumerate(record.languages):
        one = known.get(spoken.code) or MediatorLanguage(code=spoken.code)
        one.position, one.level, one.dialects = position, spoken.level.value, _joined(spoken.dialects)
        rows.append(one)
    return rows


def _settings_rows(row: Mediator, record: NewMediator) -> list[MediatorSetting]:
    known = {one.setting: one for one in row.settings}
    rows = []
    for code, relation in _settings_by_code(record).items():
        one = known.get(code) or MediatorSetting(setting=code)
        one.relation = relation
        rows.append(one)
    return rows


def _documents(row: Mediator, record: NewMediator, seen_by_id: int | None) -> list[MediatorDocument]:
    known = {(one.type, one.seen_on): one for one in row.documents}
    rows = []
    for kind, seen_on, issued_on, valid_until in _document_values(record):
        one = known.get((kind, seen_on)) or MediatorDocument(type=kind, seen_on=seen_on, seen_by_id=seen_by_id)
        one.issued_on, one.valid_until = issued_on, valid_until
        rows.append(one)
    return rows


def _document_values(record: NewMediator) -> list[tuple[str, date, date | None, date | None]]:
    return [
        (str(seen.document.type), seen.seen_on, seen.document.issued_on, seen.document.valid_until)
        for seen in record.documents
    ]


def _settings_by_code(record: NewMediator) -> Mapping[str, str]:
    experience = dict.fromkeys(sorted(record.experience), "experience")
    return experience | dict.fromkeys(sorted(record.refused_settings), "refused")


def _settings(row: Mediator, relation: str) -> tuple[str, ...]:
    return tuple(sorted(one.setting for one in row.settings if one.relation == relation))


def _words(dialects: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in dialects.split(",") if word.strip()) if dialects else ()


def _joined(dialects: tuple[str, ...]) -> str | None:
    return ", ".join(dialects) or None


def _town_of(row: Mediator) -> str:
    """Return the town unless the home is a municipality as a whole, which its key names alone."""
    return row.town or "" if row.postal_code else ""
