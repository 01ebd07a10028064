"""Answer scripts that offer languages and places while somebody types; the forms understand the words without them."""

from flask import Blueprint, Response, jsonify, request

from dispatch import i18n
from dispatch.domain.permissions import Act
from dispatch.reference import languages as known_languages
from dispatch.reference import places as known_places
from dispatch.web import intake, request_forms
from dispatch.web.forms import units
from dispatch.web.forms.choices import language_word, place_word
from dispatch.web.guards import requires

MOST_UNITS = 12
FILLED = ("setting", "place", "address", "contact_name", "contact_phone", "caller_phone")
"""Fields that an organisation fills in."""

bp = Blueprint("lookups", __name__)


@bp.get("/lookups/languages")
@requires(Act.REQUEST_CREATE)
def languages() -> Response:
    """List the languages that a word may mean, the likeliest first."""
    found = known_languages.search(request.args.get("q", "")).matches
    return jsonify(
        [{"value": language_word(one.code), "word": i18n.language_name(one.code), "note": one.autonym} for one in found]
    )


@bp.get("/lookups/places")
@requires(Act.REQUEST_CREATE)
def places() -> Response:
    """List the places that a name or postal code may mean, whole municipalities first."""
    found = known_places.search(request.args.get("q", ""))
    return jsonify([{"value": place_word(one), "word": place_word(one), "note": _part_of(one)} for one in found])


@bp.get("/lookups/organisations")
@requires(Act.REQUEST_CREATE)
def organisations() -> Response:
    """List the organisations that a part of a name may mean, by name."""
    found = units.search(request.args.get("q", ""), intake.units())
    return jsonify([{"value": word, "word": word, "note": ""} for _id, word in found[:MOST_UNITS]])


@bp.get("/lookups/unit")
@requires(Act.REQUEST_CREATE)
def unit() -> Response:
    """Tell what the form of an organisation begins with: its usual field of work, place and contact."""
    found = intake.unit(request.args)
    usual = request_forms.begin(found.organisation_id) if found.organisation_id else {}
    return jsonify({name: value for name, value in usual.items() if name in FILLED and value})


def _part_of(place: known_places.Place) -> str:
    return "" if place.town == place.municipality else place.municipality
