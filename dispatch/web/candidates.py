"""Show a coordinator who fits a request and why, and take her choice: ask several, or give it to one.

It ranks nothing and checks nothing: a choice that does not hold comes back with its reasons.
"""

from collections.abc import Iterable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain.errors import DoesNotFit, Invalid, PeopleDoNotFit
from dispatch.domain.permissions import Act
from dispatch.domain.requests import Policy
from dispatch.i18n import formats, ngettext
from dispatch.i18n import gettext as _
from dispatch.messages import field_sentences, reason
from dispatch.messages.candidates import card, groups, objections
from dispatch.services import assignments, matching
from dispatch.services.audit import OnBehalf
from dispatch.services.matching import Ranking
from dispatch.web.addresses import HIGHEST_ID
from dispatch.web.errors import STATUS
from dispatch.web.guards import actor, inform, requires

bp = Blueprint("candidates", __name__)

SHOWN = 200
"""How many people each of the two lists names."""

Page = str | Response | tuple[str, int]


@bp.get("/requests/<int:request_id>/candidates")
@requires(Act.CANDIDATE_VIEW)
def show(request_id: int) -> str:
    """Show who fits in ranked order, and for every other speaker what speaks against it."""
    return _page(matching.rank_for(actor(), request_id, clock.now(), limit=SHOWN))


@bp.post("/requests/<int:request_id>/candidates")
@requires(Act.OFFER_SEND)
def ask(request_id: int) -> Page:
    """Ask the people who were ticked."""
    now = clock.now()
    picked = {int(value) for value in request.form.getlist("mediator_ids") if _is_id(value)}
    try:
        asked = assignments.ask(actor(), request_id, picked, now)
    except (Invalid, PeopleDoNotFit) as refusal:
        ranking = matching.rank_for(actor(), request_id, now, limit=SHOWN)
        return _page(ranking, picked=picked, errors=_wrong(refusal, ranking)), 422 if isinstance(
            refusal, Invalid
        ) else 409
    inform(ngettext("%(num)d person is asked now.", "%(num)d people are asked now.", len(asked)))
    return redirect(url_for("candidates.show", request_id=request_id))


@bp.get("/requests/<int:request_id>/candidates/<int:mediator_id>")
@requires(Act.REQUEST_ASSIGN)
def assignment(request_id: int, mediator_id: int) -> str:
    """Show what assigning this person means, before it is done."""
    return _assignment(request_id, mediator_id)


@bp.post("/requests/<int:request_id>/candidates/<int:mediator_id>")
@requires(Act.REQUEST_ASSIGN)
def assign(request_id: int, mediator_id: int) -> Page:
    """Give the request to one person: on behalf of her yes, or asking her to confirm."""
    channel = request.form.get("channel", "")
    try:
        assignments.assign(
            actor(), request_id, mediator_id, clock.now(),
            on_behalf=OnBehalf(channel) if channel else None,
            override=request.form.getlist("override"),
            reason=request.form.get("reason", ""),
        )  # fmt: skip
    except (Invalid, DoesNotFit) as refusal:
        return _assignment(request_id, mediator_id, errors=_wrong(refusal)), STATUS[refusal.kind]
    inform(_("The appointment is fixed.") if channel else _("The person is asked to confirm."))
    return redirect(url_for("requests.show", request_id=request_id))


def _page(ranking: Ranking, *, picked: set[int] | None = None, errors: dict[str, str] | None = None) -> str:
    now, asked = clock.now(), ranking.asked
    people = [card(asked, one) for one in ranking.eligible]
    chosen = _proposed(ranking) if picked is None else picked
    for person in people:
        person["picked"] = person["id"] in chosen
    return render_template(
        "candidates/show.html",
        ranking=ranking,
        asked=asked,
        people=people,
        groups=groups(ranking.ineligible),
        is_open=asked.request.state in assignments.ASKABLE,
        answer_by=assignments.answer_by(asked, ranking.eligible[0], now) if ranking.eligible else None,
        errors=errors or {},
        now=now,
    )


def _proposed(ranking: Ranking) -> set[int]:
    """Tick for a start whom a wave would ask, where a person asks; nobody while waves run."""
    if ranking.asked.request.policy == Policy.WAVES:
        return set()
    return set(assignments.proposed(ranking, clock.now()))


def _assignment(request_id: int, mediator_id: int, *, errors: dict[str, str] | None = None) -> str:
    ranking = matching.rank_for(actor(), request_id, clock.now())
    fitting = [card(ranking.asked, one) for one in ranking.eligible if one.person.mediator.id == mediator_id]
    unfit = [objections(ranking.asked, one) for one in ranking.ineligible if one.person.mediator.id == mediator_id]
    return render_template(
        "candidates/assign.html",
        asked=ranking.asked,
        candidate=fitting[0] if fitting else None,
        unfit=unfit[0] if unfit else None,
        errors=errors or {},
        typed={**request.form.to_dict(), "override": request.form.getlist("override")},
    )


def _wrong(refusal: Invalid | DoesNotFit, ranking: Ranking | None = None) -> dict[str, str]:
    """Return one sentence for each field, or for each person who does not fit."""
    if isinstance(refusal, Invalid):
        return {field: sentences[0] for field, sentences in field_sentences(refusal).items()}
    if not isinstance(refusal, PeopleDoNotFit):
        return {"": _reasons(refusal.codes)}
    names = {one.person.mediator.id: one.person.mediator.name for one in ranking.ineligible} if ranking else {}
    return {
        f"p{number}": _("%(name)s: %(reasons)s", name=names.get(number, number), reasons=_reasons(codes))
        for number, codes in refusal.by_mediator.items()
    }


def _reasons(codes: Iterable[str]) -> str:
    return formats().series((reason(code) for code in codes), apart=True)


def _is_id(value: str) -> bool:
    return len(value) <= len(str(HIGHEST_ID)) and value.isascii() and value.isdigit() and int(value) > 0
