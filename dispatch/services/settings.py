"""Read the fields of work (settings) as the district keeps them, and mirror them as rows for statements that need them.

It must not decide what a setting demands of whom; that is the domain's. What the district has set comes with the
other options; a row says the same to a statement that groups or filters by it.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain.option_topics import OF_SETTING
from dispatch.domain.settings import SETTINGS, Setting
from dispatch.models import SettingRow
from dispatch.services import options
from dispatch.services.transactions import reading


def all_settings() -> list[Setting]:
    """Return every field of work in the order of the form."""
    return list(settings_by_code(reading()).values())


def settings_by_code(session: Session) -> dict[str, Setting]:
    """Return every field of work by its code, in the order of the form."""
    return {code: setting(session, code) for code in SETTINGS}


def setting(session: Session, code: str) -> Setting:
    """Return one field of work; KeyError for a code that no request can have."""
    value: Setting = options.in_force(session).value(OF_SETTING + code)
    return value


def own_label(code: str) -> str:
    """Return the name that the district has given a field of work, empty for the shipped one or an unknown code."""
    return setting(reading(), code).label if code in SETTINGS else ""


def mirror(session: Session, value: Setting) -> None:
    """Write a field of work into its row."""
    session.merge(_row(value, list(SETTINGS).index(value.code) + 1))


def ensure_shipped(session: Session) -> int:
    """Add the shipped rows that are missing, leave those that are there, and return how many were added."""
    known = set(session.scalars(select(SettingRow.code)))
    missing = [(place, value) for place, value in enumerate(SETTINGS.values(), start=1) if value.code not in known]
    session.add_all(_row(value, place) for place, value in missing)
    return len(missing)


def _row(value: Setting, position: int) -> SettingRow:
    return SettingRow(
        code=value.code,
        label=value.label or None,
        group=value.group.value,
        goal=value.goal.value if value.goal else None,
        protection=value.protection.value,
        qualification=value.qualification.value,
        german_level=value.german_level.value,
        language_level=value.language_level.value,
        documents=[str(code) for code in value.documents],
        gender=value.gender.value,
        usual_minutes=value.usual_minutes,
        minutes_before=value.minutes_before,
        minutes_after=value.minutes_after,
        review=value.review,
        in_scope=value.in_scope,
        hint=value.elsewhere.value if value.elsewhere else None,
        position=position,
    )
