"""Answer what codes there are and what they mean: languages, fields of work, places."""

from typing import Any

from dispatch import i18n, messages
from dispatch.api import fields
from dispatch.api.blueprint import Blueprint
from dispatch.api.fields import Schema
from dispatch.reference import languages as known_languages
from dispatch.reference import places as known_places
from dispatch.services import settings as known_settings

bp = Blueprint("reference", "", description="Codes and what they mean, with names in the asked language.")


class LanguageSchema(Schema):
    """A language that can be asked for."""

    code = fields.Text(required=True, metadata={"description": "BCP 47, such as `prs`."})
    name = fields.Text(required=True)
    own_name = fields.Text(required=True, metadata={"description": "What its speakers call it; may be empty."})
    related = fields.Many(fields.Text(), required=True, metadata={"description": "Codes that may serve instead."})


class SettingSchema(Schema):
    """A field of work."""

    code = fields.Text(required=True)
    name = fields.Text(required=True)
    group = fields.Text(required=True)
    usual_minutes = fields.Whole(required=True, metadata={"description": "How long such talks usually take."})


class MunicipalitySchema(Schema):
    """A municipality of the district; `code` is its official key (AGS)."""

    code = fields.Text(required=True)
    name = fields.Text(required=True)
    social_area = fields.Text(required=True, allow_none=True)
    postal_codes = fields.Many(fields.Text(), required=True)


def _all_of(item: type[Schema]) -> type[Schema]:
    members: dict[str, Any] = {"items": fields.Many(fields.Part(item), required=True)}
    return type(f"{item.__name__.removesuffix('Schema')}List", (Schema,), members)


Languages, Settings, Places = (_all_of(item) for item in (LanguageSchema, SettingSchema, MunicipalitySchema))


@bp.route("/languages")
@bp.operation(None)
@bp.response(200, Languages)
def languages() -> dict[str, Any]:
    """List the languages."""
    return {
        "items": [
            {"code": one.code, "name": i18n.language_name(one.code), "own_name": one.autonym, "related": one.related}
            for one in known_languages.all_languages()
        ]
    }


@bp.route("/settings")
@bp.operation(None)
@bp.response(200, Settings)
def settings() -> dict[str, Any]:
    """List the fields of work."""
    return {
        "items": [
            {
                "code": one.code,
                "name": messages.setting_name(one.code),
                "group": one.group,
                "usual_minutes": one.usual_minutes,
            }
            for one in known_settings.all_settings()
        ]
    }


@bp.route("/places")
@bp.operation(None)
@bp.response(200, Places)
def places() -> dict[str, Any]:
    """List the municipalities of the district."""
    return {
        "items": [
            {"code": one.ags, "name": one.name, "social_area": one.social_area, "postal_codes": one.postal_codes}
            for one in known_places.municipalities()
        ]
    }
