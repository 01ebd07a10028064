"""Read what a coordinator records for somebody else: that it is so, and over which channel it came."""

from collections.abc import Mapping
from typing import Any

from dispatch.api import fields
from dispatch.api.fields import Schema
from dispatch.domain.errors import Invalid
from dispatch.services.appointment_access import CHANNELS
from dispatch.services.audit import OnBehalf


class OnBehalfSchema(Schema):
    """The two fields that every act of a mediator or office takes from a coordinator."""

    on_behalf = fields.Flag(
        load_default=False, metadata={"description": "A coordinator records what somebody else decided."}
    )
    channel = fields.Choice(
        CHANNELS,
        load_default=None,
        allow_none=True,
        metadata={"description": "Over which it came; required with `on_behalf`, and only with it."},
    )


def on_behalf_of(body: Mapping[str, Any]) -> OnBehalf | None:
    """Return the channel of what was recorded for somebody else, None for who acts for themselves.

    Raises Invalid when only one of the two fields says so.
    """
    if body["on_behalf"] and not body["channel"]:
        raise Invalid({"channel": ("required",)})
    if body["channel"] and not body["on_behalf"]:
        raise Invalid({"on_behalf": ("required",)})
    return OnBehalf(body["channel"]) if body["on_behalf"] else None
