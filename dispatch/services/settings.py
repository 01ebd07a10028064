"""Read the fields of work (settings) as the district keeps them, and ship those it begins with.

It must not decide what a setting demands of whom; that is the domain's. A shipped field without a row reads as
shipped.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain.languages import Level
from dispatch.domain.settings import (
    SETTINGS,
    DocumentType,
    Elsewhere,
    GenderDemand,
    Goal,
    Protection,
    Qualification,
    Setting,
    SettingGroup,
)
from dispatch.models import SettingRow
from dispatch.services.transactions import reading


def all_settings() -> list[Setting]:
    """Return every field of work in the order of the form."""
    return list(settings_by_code(reading()).values())


def settings_by_code(session: Session) -> dict[str, Setting]:
    """Return every field of work by its code, in the order of the form, with one statement."""
    rows = session.scalars(select(SettingRow).order_by(SettingRow.position))
    return dict(SETTINGS) | {row.code: _value(row) for row in rows}


def setting(session: Session, code: str) -> Setting:
    """Return one field of work; KeyError for a code that no request can have."""
    row = session.get(SettingRow, code)
    return _value(row) if row else SETTINGS[code]


def ensure_shipped(session: Session) -> int:
    """Add the shipped rows that are missing, leave those that are there, and return how many were added."""
    known = set(session.scalars(select(SettingRow.code)))
    missing = [(place, value) for place, value in enumerate(SETTINGS.values(), start=1) if value.code not in known]
    session.add_all(_row(value, place) for place, value in missing)
    return len(missing)


def _row(value: Setting, position: int) -> SettingRow:
    return SettingRow(
        code=value.code,
        group=value.group.value,
        goal=value.goal.value if value.goal else None,
        protection=value.protection.value,
        qualification=value.qualification.value,
        german_level=value.german_level.value,
        language_level=value.language_level.value,
        documents=[document.value for document in value.documents],
        gender=value.gender.value,
        usual_minutes=value.usual_minutes,
        minutes_before=value.minutes_before,
        minutes_after=value.minutes_after,
        review=value.review,
        in_scope=value.in_scope,
        hint=value.elsewhere.value if value.elsewhere else None,
        position=position,
    )


def _value(row: SettingRow) -> Setting:
    return Setting(
        code=row.code,
        group=SettingGroup(row.group),
        goal=Goal(row.goal) if row.goal else None,
        protection=Protection(row.protection),
        qualification=Qualification(row.qualification),
        german_level=Level(row.german_level),
        language_level=Level(row.language_level),
        documents=tuple(DocumentType(code) for code in row.documents),
        gender=GenderDemand(row.gender),
        usual_minutes=row.usual_minutes,
        minutes_before=row.minutes_before,
        minutes_after=row.minutes_after,
        review=row.review,
        elsewhere=Elsewhere(row.hint) if row.hint else None,
    )
