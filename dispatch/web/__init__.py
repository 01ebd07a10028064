"""The pages: thin blueprints, one per file and template folder; guards, errors and headers around them."""

from collections.abc import Iterable
from importlib import import_module

from flask import Blueprint, Flask

BLUEPRINTS: tuple[str, ...] = (
    "accounts",
    "applicants",
    "appointment_links",
    "appointments",
    "availability",
    "board",
    "calendar_links",
    "calendars",
    "calls",
    "candidates",
    "claims",
    "drafts",
    "duty",
    "feedback",
    "feeds",
    "handover",
    "help_requests",
    "intake_rules",
    "internal_notes",
    "join",
    "languages",
    "leaving",
    "lookups",
    "mailbox",
    "mediators",
    "needs",
    "offers",
    "offline",
    "options",
    "organisations",
    "own_record",
    "pool",
    "print",
    "programs",
    "providers",
    "public",
    "referrals",
    "request_acts",
    "request_links",
    "requests",
    "second_factors",
    "single_sign_on",
    "units",
    "users",
    "webhooks",
    "week_plans",
)


def init_app(app: Flask) -> None:
    """Install guards, error pages and headers, then every blueprint."""
    from dispatch import i18n
    from dispatch.web import addresses, cookies, drafts, errors, files, formatting, frame, guards, headers, limits

    addresses.init_app(app)
    cookies.init_app(app)
    limits.init_app(app)
    headers.init_app(app)  # before the guards, so that what they refuse has its reference number too
    guards.init_app(app)
    i18n.read_reader_from(app, guards.user_locale)
    files.init_app(app)
    formatting.init_app(app)
    frame.init_app(app)
    drafts.init_app(app)
    errors.init_app(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"dispatch.web.{name}").bp)


def take_no_forms_at(blueprints: Iterable[Blueprint]) -> None:
    """Ask for no mark against forged forms where no browser sends any: another edge guards these by tokens."""
    from dispatch.web.guards import csrf

    for blueprint in blueprints:
        csrf.exempt(blueprint)
