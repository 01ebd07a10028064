"""Answer who fits a request and why, and what speaks against everybody else who speaks its languages."""

from typing import Any

import marshmallow as ma

from dispatch import clock
from dispatch.api import fields, guards
from dispatch.api.blueprint import Blueprint
from dispatch.api.fields import Schema
from dispatch.api.paging import MOST, USUAL
from dispatch.domain.availability import Answer
from dispatch.domain.eligibility import Code
from dispatch.domain.permissions import Act, Actor
from dispatch.domain.programs import Scope
from dispatch.domain.ranking import FULL, Criterion
from dispatch.services import matching, request_access
from dispatch.services.matching import Fitting, Judged

bp = Blueprint("candidates", "/requests", area=Scope.REQUESTS, description="Who fits a request, and why.")

_POINTS = FULL / 100


class MediatorNameSchema(Schema):
    """A person of the pool."""

    id = fields.Id(required=True)
    name = fields.Text(required=True)


class EligibleSchema(Schema):
    """Somebody who fits; `score` is the sum of the points, at most 100."""

    mediator = fields.Part(MediatorNameSchema, required=True)
    score = ma.fields.Float(required=True, metadata={"minimum": 0, "maximum": 100})
    breakdown = ma.fields.Dict(
        keys=fields.Choice(Criterion),
        values=ma.fields.Float(),
        required=True,
        metadata={"description": "Points by criterion; one that cannot apply is left out."},
    )
    availability = fields.Choice((Answer.YES, Answer.UNKNOWN), required=True)
    distance_km = ma.fields.Float(required=True, metadata={"description": "Estimated, from home; 0 for a call."})
    travel_minutes = fields.Whole(required=True)


class IneligibleSchema(Schema):
    """Somebody who does not fit; `overridable` are those reasons that a coordinator may set aside here."""

    mediator = fields.Part(MediatorNameSchema, required=True)
    reasons = fields.Many(fields.Choice(Code), required=True)
    overridable = fields.Many(fields.Choice(Code), required=True)


class CandidatesSchema(Schema):
    """Everybody who speaks an asked or a related language; each list is cut at the limit, the totals are not."""

    eligible = fields.Many(fields.Part(EligibleSchema), required=True)
    ineligible = fields.Many(fields.Part(IneligibleSchema), required=True)
    eligible_total = fields.Whole(required=True)
    ineligible_total = fields.Whole(required=True)


class CandidatesLimit(Schema):
    """How many people each of the two lists names."""

    limit = fields.Whole(least=1, most=MOST, is_text=True, load_default=USUAL)


def _sees(actor: Actor, request_id: int) -> None:
    request_access.look(actor, Act.CANDIDATE_VIEW, request_id)


@bp.route("/<int:request_id>/candidates")
@bp.operation(Act.CANDIDATE_VIEW, sees=_sees)
@bp.arguments(CandidatesLimit, location="query")
@bp.response(200, CandidatesSchema)
def show(query: dict[str, Any], request_id: int) -> dict[str, Any]:
    """Rank everybody who fits, the best first; the others by name, the inactive last."""
    ranking = matching.rank_for(guards.actor(), request_id, clock.now(), limit=query["limit"])
    return {
        "eligible": [_eligible(one) for one in ranking.eligible],
        "ineligible": [_ineligible(one) for one in ranking.ineligible],
        "eligible_total": ranking.eligible_total,
        "ineligible_total": ranking.ineligible_total,
    }


def _eligible(one: Fitting) -> dict[str, Any]:
    person, mediator = one.person, one.person.mediator
    return {
        "mediator": {"id": mediator.id, "name": mediator.name},
        "score": one.score.total / _POINTS,
        "breakdown": {part.criterion.value: part.points / _POINTS for part in one.score.parts},
        "availability": person.candidate.availability,
        "distance_km": person.distance_km,
        "travel_minutes": person.way_minutes,
    }


def _ineligible(one: Judged) -> dict[str, Any]:
    mediator = one.person.mediator
    return {
        "mediator": {"id": mediator.id, "name": mediator.name},
        "reasons": [failure.code for failure in one.failures],
        "overridable": [failure.code for failure in one.failures if failure.overridable],
    }
