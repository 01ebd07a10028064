"""Say in the reader's language what the codes mean: labels of states and choices, sentences of refusals.

One file per kind of text; a code without its sentence fails tests/i18n/test_messages.py.
"""

from flask import Flask

from dispatch.messages.document_names import document_name
from dispatch.messages.fields import field_sentences
from dispatch.messages.labels import label
from dispatch.messages.matching import detail, part_reason, why_asked
from dispatch.messages.pages import error_page, form_expired
from dispatch.messages.refusals import reason, sentence
from dispatch.messages.request_labels import elsewhere, listed_field, privacy_warning, setting_name
from dispatch.messages.timelines import came_by, step_sentence

__all__ = [
    "came_by",
    "detail",
    "document_name",
    "elsewhere",
    "error_page",
    "field_sentences",
    "form_expired",
    "init_app",
    "label",
    "listed_field",
    "part_reason",
    "privacy_warning",
    "reason",
    "sentence",
    "setting_name",
    "step_sentence",
    "why_asked",
]


def init_app(app: Flask) -> None:
    """Offer `label(member)` and `reason(code)` to the templates."""
    app.jinja_env.globals["label"] = label
    app.jinja_env.globals["reason"] = reason
    app.jinja_env.globals["document_name"] = document_name
    app.jinja_env.globals["setting_name"] = setting_name
    app.jinja_env.globals["elsewhere"] = elsewhere
    app.jinja_env.globals["listed_field"] = listed_field
    app.jinja_env.globals["step_sentence"] = step_sentence
    app.jinja_env.globals["came_by"] = came_by
