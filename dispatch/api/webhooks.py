"""Enter, list, change and remove webhooks, and look what became of the events."""

from typing import Any

from flask import current_app

from dispatch import clock
from dispatch.api import fields, guards
from dispatch.api.blueprint import BASE, LOCATION, Blueprint
from dispatch.api.fields import Schema
from dispatch.api.paging import Page, Paging, page, page_of
from dispatch.domain import web_addresses
from dispatch.domain import webhooks as rules
from dispatch.domain.permissions import Act, Actor
from dispatch.domain.programs import Scope
from dispatch.domain.webhooks import TypedWebhook
from dispatch.services import webhooks
from dispatch.services.webhooks import Shown

bp = Blueprint("webhooks", "/webhooks", area=Scope.WEBHOOKS, description="Programs that are told of events.")

STATES = ("queued", "sending", "sent", "retry", "failed", "uncertain", "held", "dropped")
_EVENTS = {"description": "`request.*` and `appointment.*` ask for everything of a kind."}


class WebhookBody(Schema):
    """The address of a program, and of what it is told; its host must be one that the district allows."""

    url = fields.Text(required=True, longest=web_addresses.LONGEST, metadata={"description": "https, port 443."})
    events = fields.Many(fields.Choice(rules.WANTABLE), required=True, metadata=_EVENTS)


class WebhookChange(Schema):
    """What is to be different; what happens while `active` is false is never told."""

    version = fields.Whole(required=True, least=1)
    url = fields.Text(longest=web_addresses.LONGEST)
    events = fields.Many(fields.Choice(rules.WANTABLE), metadata=_EVENTS)
    active = fields.Flag()


class WebhookSchema(Schema):
    """A webhook; `secret` is told once, when it was made or renewed, and null ever after."""

    id = fields.Id(required=True)
    user = fields.Id(required=True, metadata={"description": "Whose sight counts."})
    url = fields.Text(required=True)
    events = fields.Many(fields.Choice(rules.WANTABLE), required=True)
    active = fields.Flag(required=True)
    secret = fields.Text(required=True, allow_none=True)
    version = fields.Whole(required=True)
    created_at = fields.Instant(required=True)


class DeliverySchema(Schema):
    """An event on its way: `event_id` is the id in its body; `error` why the last try failed, as a code."""

    id = fields.Id(required=True)
    event_id = fields.Text(required=True)
    type = fields.Choice((*rules.EVENTS, rules.PING), required=True)
    state = fields.Choice(STATES, required=True)
    attempts = fields.Whole(required=True)
    error = fields.Text(required=True, allow_none=True)
    created_at = fields.Instant(required=True)
    due_at = fields.Instant(required=True, metadata={"description": "Of one that waits: when it is tried next."})
    sent_at = fields.Instant(required=True, allow_none=True)


def _sees(actor: Actor, webhook_id: int) -> None:
    webhooks.get(actor, webhook_id)


def _sees_delivery(actor: Actor, webhook_id: int, delivery_id: int) -> None:
    webhooks.delivery(actor, webhook_id, delivery_id)


@bp.route("")
@bp.operation(Act.WEBHOOK_MANAGE)
@bp.arguments(Paging, location="query")
@bp.response(200, page_of(WebhookSchema))
def index(query: dict[str, Any]) -> Page:
    """List the webhooks that the user looks after."""
    found = webhooks.every(guards.actor(), after=query["cursor"], limit=query["limit"] + 1)
    shown = page([one.hook for one in found], query["limit"], lambda hook: hook.id)
    return {"items": [_webhook(one.hook) for one in found[: query["limit"]]], "next": shown["next"]}


@bp.route("", methods=["POST"])
@bp.operation(Act.WEBHOOK_MANAGE)
@bp.arguments(WebhookBody)
@bp.response(201, WebhookSchema, headers=LOCATION)
def create(body: dict[str, Any]) -> Any:
    """Enter a webhook; it is told of what happens from now on."""
    typed = TypedWebhook(body["url"], tuple(body["events"]))
    hook, secret = webhooks.create(guards.actor(), typed, clock.now(), key=_key())
    return _webhook(hook, secret), 201, {"Location": f"{BASE}/webhooks/{hook.id}"}


@bp.route("/<int:webhook_id>")
@bp.operation(Act.WEBHOOK_MANAGE, sees=_sees)
@bp.response(200, WebhookSchema)
def show(webhook_id: int) -> dict[str, Any]:
    """Read a webhook."""
    return _webhook(webhooks.get(guards.actor(), webhook_id))


@bp.route("/<int:webhook_id>", methods=["PATCH"])
@bp.operation(Act.WEBHOOK_MANAGE, sees=_sees, problems=(409,))
@bp.arguments(WebhookChange)
@bp.response(200, WebhookSchema)
def edit(body: dict[str, Any], webhook_id: int) -> dict[str, Any]:
    """Change a webhook, pause it or let it go on."""
    actor, typed = guards.actor(), None
    if not body.keys().isdisjoint({"url", "events"}):
        kept = webhooks.get(actor, webhook_id)
        typed = TypedWebhook(body.get("url", kept.url), tuple(body.get("events", kept.events)))
    active = body.get("active")
    return _webhook(webhooks.change(actor, webhook_id, typed, body["version"], clock.now(), active=active))


@bp.route("/<int:webhook_id>", methods=["DELETE"])
@bp.operation(Act.WEBHOOK_MANAGE, sees=_sees)
@bp.response(204)
def remove(webhook_id: int) -> None:
    """Remove a webhook with its log."""
    webhooks.remove(guards.actor(), webhook_id, clock.now())


@bp.route("/<int:webhook_id>/secret", methods=["POST"])
@bp.operation(Act.WEBHOOK_MANAGE, sees=_sees)
@bp.response(200, WebhookSchema)
def renew(webhook_id: int) -> dict[str, Any]:
    """Make a new secret; the old one signs nothing any more."""
    return _webhook(*webhooks.renew(guards.actor(), webhook_id, clock.now(), key=_key()))


@bp.route("/<int:webhook_id>/ping", methods=["POST"])
@bp.operation(Act.WEBHOOK_MANAGE, sees=_sees)
@bp.response(202, DeliverySchema)
def ping(webhook_id: int) -> dict[str, Any]:
    """Send a test event. 422 `paused` while the webhook is."""
    webhooks.ping(guards.actor(), webhook_id, clock.now())
    return _delivery(webhooks.deliveries(guards.actor(), webhook_id, limit=1)[0])


@bp.route("/<int:webhook_id>/deliveries")
@bp.operation(Act.WEBHOOK_MANAGE, sees=_sees)
@bp.arguments(Paging, location="query")
@bp.response(200, page_of(DeliverySchema))
def deliveries(query: dict[str, Any], webhook_id: int) -> Page:
    """List what was and is to be sent in the last 30 days, the newest first."""
    before, limit = query["cursor"] or None, query["limit"]
    found = webhooks.deliveries(guards.actor(), webhook_id, before=before, limit=limit + 1)
    shown = page(found, limit, lambda row: row.id)
    return {"items": [_delivery(row) for row in found[:limit]], "next": shown["next"]}


@bp.route("/<int:webhook_id>/deliveries/<int:delivery_id>/resend", methods=["POST"])
@bp.operation(Act.WEBHOOK_MANAGE, sees=_sees_delivery)
@bp.response(202, DeliverySchema)
def resend(webhook_id: int, delivery_id: int) -> dict[str, Any]:
    """Send an event again, as it was and under its old id. 422 `paused` while the webhook is."""
    return _delivery(webhooks.resend(guards.actor(), webhook_id, delivery_id, clock.now()))


def _webhook(hook: Shown, secret: str | None = None) -> dict[str, Any]:
    names = ("id", "url", "events", "active", "version", "created_at")
    return {name: getattr(hook, name) for name in names} | {"user": hook.user_id, "secret": secret}


def _delivery(row: Any) -> dict[str, Any]:
    names = ("id", "state", "attempts", "error", "created_at", "due_at", "sent_at")
    told = {name: getattr(row, name) for name in names}
    return told | {"event_id": row.message_id, "type": row.params["type"]}


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
