"""Refuse to remove types of documents that are still needed: on record, or demanded by a field of work."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import document_types as rules
from dispatch.domain.option_topics import OF_TYPE, SETTING_TOPICS
from dispatch.models import MediatorDocument
from dispatch.services.options import InForce

TOPIC = OF_TYPE[rules.DocumentTypes].name


def refused_removals(session: Session, in_force: InForce, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return by form field of the table what speaks against new values of topics, those left out as in force."""
    if TOPIC not in values:
        return {}
    demanded = {
        code for name in SETTING_TOPICS for code in (values[name] if name in values else in_force.value(name)).documents
    }
    on_record = set(session.scalars(select(MediatorDocument.type).distinct()))
    return rules.refused_removals(in_force.value(TOPIC), values[TOPIC], demanded | on_record)
