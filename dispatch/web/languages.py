"""A page that says honestly how far each language of the pages is translated, and how to correct it."""

from flask import Blueprint, render_template

from dispatch import i18n
from dispatch.web.frame import path_of
from dispatch.web.guards import public

bp = Blueprint("languages", __name__)


@bp.get("/languages")
@public
def index() -> str:
    """Show each language with its share, who drafted it and who has read it."""
    return render_template(
        "languages/index.html", languages=i18n.language_status(), report_href=path_of("feedback.translation")
    )
