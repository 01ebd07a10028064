"""Dispatch of community interpreters for a district: requests, offers, appointments, reminders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config

ROOT = Path(__file__).resolve().parent.parent


def create_app(config: Config) -> Flask:
    """Wire one application: configuration, database, languages, pages.

    The imports stand inside, so that `dispatch.domain` loads without Flask.
    """
    from flask import Flask

    from dispatch import api, database, i18n, messages, models, ops, web
    from dispatch.services import local_time

    root, templates = str(ROOT / "dispatch"), str(ROOT / "templates")
    app = Flask("dispatch", root_path=root, template_folder=templates, static_folder=None)  # `web.files` has the files
    app.config.from_object(config)
    assert models.__all__
    database.init_app(app)
    local_time.use_zone(app.config["TIME_ZONE"])
    i18n.init_app(app)
    messages.init_app(app)
    ops.init_app(app)
    web.init_app(app)
    web.take_no_forms_at(api.init_app(app))
    return app
