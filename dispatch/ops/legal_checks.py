"""Name what the law asks a public service to say and the options do not say yet.

It never keeps the service from starting: the texts are typed into its own pages.
"""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from dispatch import clock, database
from dispatch.domain import hours, legal, service
from dispatch.domain.intervals import to_local
from dispatch.services import options


def missing(app: Flask) -> list[str]:
    """Return a sentence for each of them; none without a database, of which others tell."""
    try:
        return [sentence for sentence, is_said in _SAID.items() if not is_said(app)]
    except SQLAlchemyError:
        database.db.session.rollback()
        return []


def _has_represented(_app: Flask) -> bool:
    return bool(options.read(legal.OPERATOR).represented_by or options.read(legal.DEFAULT).imprint)


def _has_officer(_app: Flask) -> bool:
    return bool(options.read(legal.OPERATOR).privacy_officer or options.read(legal.DEFAULT).privacy)


def _has_authority(_app: Flask) -> bool:
    own = options.read(legal.OPERATOR).privacy_authority or options.read(legal.DEFAULT).privacy
    return bool(own or _land() in legal.AUTHORITIES)


def _has_enforcement(_app: Flask) -> bool:
    return bool(options.read(legal.STATEMENT).enforcement or _land() in legal.ENFORCEMENT)


def _is_reviewed(app: Flask) -> bool:
    today = to_local(clock.now(), ZoneInfo(app.config["TIME_ZONE"])).date()
    return legal.is_reviewed(options.read(legal.STATEMENT), today)


def _has_real_mailbox(_app: Flask) -> bool:
    return not options.read(service.DEFAULT).mailbox.endswith(".example")


def _land() -> str:
    return options.read(hours.DEFAULT).land


_SAID: Mapping[str, Callable[[Flask], bool]] = {
    "The imprint must say who represents the operator (option operator.represented_by).": _has_represented,
    "The privacy statement must name a data protection officer (option operator.privacy_officer).": _has_officer,
    "The privacy statement must name the authority (option operator.privacy_authority).": _has_authority,
    "The accessibility statement must name who enforces it (option statement.enforcement).": _has_enforcement,
    "The accessibility statement must be reviewed every twelve months (option statement.reviewed_on).": _is_reviewed,
    "The mailbox of the service must be a real one (option service.mailbox).": _has_real_mailbox,
}
