"""Write a request that holds as somebody would type it: what is changed of it is checked together with the rest."""

from typing import Any

from dispatch.domain.blocks import PlannedTalk, TypedTalk
from dispatch.domain.places import TypedPlace
from dispatch.domain.requests import NewRequest, TypedRequest
from dispatch.domain.settings import Protection

_LINES = (
    "level", "dialect", "language_text", "setting", "protection", "mode", "address", "place_note", "access_phone",
    "access_url", "contact_name", "contact_phone", "gender", "qualification", "case_token", "continuity", "consent",
    "reference", "notes", "policy", "meeting_point",
)  # fmt: skip
_SAME = (
    "organisation_id", "languages", "accept_related", "starts_at", "ends_at", "gender_strict", "minor",
    "last_useful_answer_at", "wants_approval",
)  # fmt: skip


def retyped(request: NewRequest) -> TypedRequest:
    """Return the typed request that the checks turn into this one."""
    place = request.place
    values: dict[str, Any] = {name: getattr(request, name) for name in _SAME}
    values |= {name: str(getattr(request, name) or "") for name in _LINES}
    if request.protection is Protection.NORMAL:  # so that another setting brings its own class
        values["protection"] = ""
    return TypedRequest(
        **values,
        fallback_modes=tuple(mode.value for mode in request.fallback_modes),
        place=TypedPlace(place.ags or "", place.postal_code or "", place.town) if place else TypedPlace(),
        preferred_mediators=tuple(sorted(request.preferred_mediators)),
        exclude_mediators=tuple(sorted(request.exclude_mediators)),
        avoid_municipalities=tuple(sorted(request.avoid_municipalities)),
        talks=tuple(_typed_talk(talk) for talk in request.talks),
    )


def _typed_talk(talk: PlannedTalk) -> TypedTalk:
    minutes = int((talk.ends_at - talk.starts_at).total_seconds()) // 60
    return TypedTalk(minutes, talk.reference or "", talk.case_token or "")
