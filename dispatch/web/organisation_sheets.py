"""Show the page of one organisation; refused acts show it again with what was typed and what speaks against it.

Views decide what happens; this module only puts the page together.
"""

from collections.abc import Mapping

from flask import render_template, request

from dispatch import i18n, messages
from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Act
from dispatch.services import bars, members, organisation_lists, organisations, sights
from dispatch.web.guards import actor, may_do


def show(organisation_id: int, *, act: str = "", errors: Mapping[str, str] | None = None) -> str:
    """Render the page; `errors` are those of the form of `act`, whose typed values stand in the request."""
    who = actor()
    detail = organisations.detail(who, organisation_id)
    granted = sights.of(organisation_id)
    taken = {organisation_id, *(key for key, _name in granted.sees)}
    return render_template(
        "organisations/show.html",
        detail=detail,
        sights=granted,
        members=members.of(who, organisation_id) if may_do(Act.MEMBER_VIEW) else None,
        bars=bars.of(who, organisation_id) if may_do(Act.UNIT_BAR) else None,
        others=_others(taken) if may_do(Act.SIGHT_GRANT) else [],
        languages=[(entry.tag, entry.own_name) for entry in i18n.LOCALES],
        errors={act: errors or {}},
        typed={act: request.form},
    )


def refused(organisation_id: int, act: str, refusal: Invalid) -> tuple[str, int]:
    """Render the page with what is wrong in the form of `act`."""
    found = messages.field_sentences(refusal)
    return show(organisation_id, act=act, errors={field: sentences[0] for field, sentences in found.items()}), 422


def _others(taken: set[int]) -> list[tuple[int, str]]:
    return [(key, name) for key, name in organisation_lists.names(actor()) if key not in taken]
