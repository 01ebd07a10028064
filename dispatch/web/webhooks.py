"""Pages of webhooks: the addresses of one's programs, what they are told, and what became of it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain import webhooks as rules
from dispatch.domain.errors import Invalid, Stale
from dispatch.domain.permissions import Act
from dispatch.domain.webhooks import TypedWebhook
from dispatch.i18n import gettext as _
from dispatch.messages import field_sentences, sentence
from dispatch.messages.webhook_words import event_choices, event_word, state_word, trouble_sentence
from dispatch.services import options, webhooks
from dispatch.services.webhooks import Shown
from dispatch.web.guards import actor, inform, requires

bp = Blueprint("webhooks", __name__)

Page = str | Response | tuple[str, int]
LOG_ROWS = 50


@bp.get("/webhooks")
@requires(Act.WEBHOOK_MANAGE)
def index() -> str:
    """List the webhooks that who asks looks after."""
    return render_template(
        "webhooks/index.html",
        entries=webhooks.every(actor()),
        hosts=_hosts(),
        own_id=actor().user_id,
        event_word=event_word,
    )


@bp.get("/webhooks/new")
@requires(Act.WEBHOOK_MANAGE)
def new() -> str:
    """Show the form of a new webhook."""
    return _form({"url": "", "events": [rules.ALL_OF_REQUESTS, rules.ALL_OF_APPOINTMENTS]})


@bp.post("/webhooks/new")
@requires(Act.WEBHOOK_MANAGE)
def create() -> Page:
    """Enter a webhook and show its secret, this once."""
    try:
        hook, secret = webhooks.create(actor(), _typed(), clock.now(), key=_key())
    except Invalid as refusal:
        return _form(_values(), errors=_errors(refusal)), 422
    return _secret(hook, secret)


@bp.get("/webhooks/<int:webhook_id>")
@requires(Act.WEBHOOK_MANAGE)
def show(webhook_id: int) -> str:
    """Show a webhook with its log, a page of it."""
    hook = webhooks.get(actor(), webhook_id)
    before = request.args.get("before", type=int)
    rows = webhooks.deliveries(actor(), webhook_id, before=before, limit=LOG_ROWS + 1)
    return render_template(
        "webhooks/show.html",
        hook=hook,
        deliveries=rows[:LOG_ROWS],
        next=url_for(".show", webhook_id=hook.id, before=rows[LOG_ROWS - 1].id) if len(rows) > LOG_ROWS else None,
        again=webhooks.AGAIN,
        event_word=event_word,
        state_word=state_word,
        trouble=trouble_sentence,
    )


@bp.get("/webhooks/<int:webhook_id>/edit")
@requires(Act.WEBHOOK_MANAGE)
def edit(webhook_id: int) -> str:
    """Show address and events in their form."""
    hook = webhooks.get(actor(), webhook_id)
    return _form({"url": hook.url, "events": hook.events}, hook)


@bp.post("/webhooks/<int:webhook_id>/edit")
@requires(Act.WEBHOOK_MANAGE)
def update(webhook_id: int) -> Page:
    """Change address and events; who was faster wins."""
    hook = webhooks.get(actor(), webhook_id)
    try:
        webhooks.change(actor(), webhook_id, _typed(), request.form.get("version", 0, int), clock.now())
    except Invalid as refusal:
        return _form(_values(), hook, errors=_errors(refusal)), 422
    except Stale as stale:
        return _form(_values(), hook, errors={"": sentence(stale)}), 409
    inform(_("Your changes are saved."))
    return redirect(url_for(".show", webhook_id=webhook_id))


@bp.post("/webhooks/<int:webhook_id>/secret")
@requires(Act.WEBHOOK_MANAGE)
def renew(webhook_id: int) -> Response:
    """Make a new secret and show it, this once."""
    return _secret(*webhooks.renew(actor(), webhook_id, clock.now(), key=_key()))


@bp.post("/webhooks/<int:webhook_id>/pause")
@requires(Act.WEBHOOK_MANAGE)
def pause(webhook_id: int) -> Response:
    """Stop telling the program."""
    webhooks.switch(actor(), webhook_id, False, clock.now())
    return _back(webhook_id, _("The webhook is paused. Nothing is sent."))


@bp.post("/webhooks/<int:webhook_id>/resume")
@requires(Act.WEBHOOK_MANAGE)
def resume(webhook_id: int) -> Response:
    """Tell the program again, of what happens from now on."""
    webhooks.switch(actor(), webhook_id, True, clock.now())
    return _back(webhook_id, _("The webhook goes on with what happens from now on."))


@bp.post("/webhooks/<int:webhook_id>/delete")
@requires(Act.WEBHOOK_MANAGE)
def delete(webhook_id: int) -> Response:
    """Remove a webhook with its log."""
    webhooks.remove(actor(), webhook_id, clock.now())
    inform(_("The webhook is removed."))
    return redirect(url_for(".index"))


@bp.post("/webhooks/<int:webhook_id>/ping")
@requires(Act.WEBHOOK_MANAGE)
def ping(webhook_id: int) -> Response:
    """Send a test event."""
    return _done(
        webhook_id, lambda: webhooks.ping(actor(), webhook_id, clock.now()), _("The test event is on its way.")
    )


@bp.post("/webhooks/<int:webhook_id>/deliveries/<int:delivery_id>")
@requires(Act.WEBHOOK_MANAGE)
def resend(webhook_id: int, delivery_id: int) -> Response:
    """Send a delivery again."""
    act = lambda: webhooks.resend(actor(), webhook_id, delivery_id, clock.now())  # noqa: E731 - one call
    return _done(webhook_id, act, _("The event is on its way again."))


def _done(webhook_id: int, act: Callable[[], object], words: str) -> Response:
    """Do what a paused webhook refuses, and say on its page what came of it."""
    try:
        act()
    except Invalid as refusal:
        inform(_errors(refusal)[""], tone="warning")
        return redirect(url_for(".show", webhook_id=webhook_id))
    return _back(webhook_id, words)


def _back(webhook_id: int, words: str) -> Response:
    inform(words)
    return redirect(url_for(".show", webhook_id=webhook_id))


def _secret(hook: Shown, secret: str) -> Response:
    response = make_response(render_template("webhooks/secret.html", hook=hook, secret=secret))
    response.headers["Cache-Control"] = "no-store"
    return response


def _typed() -> TypedWebhook:
    return TypedWebhook(request.form.get("url", ""), tuple(request.form.getlist("events")))


def _values() -> dict[str, Any]:
    typed = _typed()
    return {"url": typed.url, "events": list(typed.events)}


def _form(values: Mapping[str, Any], hook: Shown | None = None, *, errors: Mapping[str, str] | None = None) -> str:
    return render_template(
        "webhooks/form.html",
        values=values,
        errors=errors or {},
        hook=hook,
        hosts=_hosts(),
        choices=event_choices(),
    )


def _hosts() -> tuple[str, ...]:
    return options.read(rules.DEFAULT).hosts


def _errors(refusal: Invalid) -> dict[str, str]:
    return {field: sentences[0] for field, sentences in field_sentences(refusal).items()}


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
