"""Refuse forms that are larger than any of ours: 413, before anything reads them.

Files have the limit of the whole request; Werkzeug itself bounds the fields of a form only where files may come along.
"""

from flask import Flask, request

FIELDS_ONLY = "application/x-www-form-urlencoded"


def init_app(app: Flask) -> None:
    """Hold forms without files to MAX_FORM_MEMORY_SIZE."""

    @app.before_request
    def _limit_fields() -> None:
        if request.mimetype == FIELDS_ONLY:
            request.max_content_length = app.config["MAX_FORM_MEMORY_SIZE"]
