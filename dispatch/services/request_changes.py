"""Change some values of a stored request and leave the others as they are, under the rules of its form."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from dispatch.domain import request_checks
from dispatch.domain.errors import Stale
from dispatch.domain.permissions import Actor
from dispatch.domain.request_values import retyped
from dispatch.domain.requests import DEFAULT
from dispatch.services import booking_contexts, options, request_edits
from dispatch.services.audit import OnBehalf


def change(
    actor: Actor,
    request_id: int,
    version: int,
    changes: Mapping[str, Any],
    now: datetime,
    *,
    on_behalf: OnBehalf | None = None,
) -> bool:
    """Change a request and return whether its revision rose; `changes` are fields of a TypedRequest.

    Raises as `request_edits.edit` does, and Stale before anything that was typed is judged.
    """
    stored = request_edits.stored(actor, request_id)
    if stored.version != version:
        raise Stale(version, stored.version)
    before = stored.value
    typed = replace(retyped(before), **changes)
    named = {*typed.preferred_mediators, *typed.exclude_mediators}
    unit_id = before.organisation_id
    context = booking_contexts.context_for(actor, unit_id, names_people=bool(named), people=named)
    kept = {*context.mediators, *before.preferred_mediators, *before.exclude_mediators}
    # a unit or a person that rests by now is no reason to refuse what was said of something else
    known = replace(context, mediators=kept, organisations={*context.organisations, unit_id})
    new = request_checks.check(typed, known, now, before=before, options=options.read(DEFAULT))
    return request_edits.edit(actor, request_id, version, new, now, on_behalf=on_behalf)
