"""Sheets to be printed: the page that lists them, and each of them as PDF."""

from flask import Blueprint, Response, g, render_template, request

from dispatch.domain.errors import Missing
from dispatch.i18n import LOCALES
from dispatch.outgoing import leaflets
from dispatch.web.guards import public

bp = Blueprint("print", __name__)


@bp.get("/print")
@public
def index() -> str:
    """List what there is to print, by language."""
    return render_template("print/index.html", locales=LOCALES, most_kilobytes=leaflets.MOST_KILOBYTES)


@bp.get("/print/<name>.pdf")
@public
def show(name: str) -> Response:
    """Hand over a sheet, or say that it is the one the browser has."""
    sheet = leaflets.find_sheet(name)
    if sheet is None:
        raise Missing
    desk = leaflets.desk()
    tag = leaflets.tag_of(sheet, desk)
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        response = Response(leaflets.pdf(sheet, desk), mimetype="application/pdf")
        response.headers.set("Content-Disposition", "attachment", filename=sheet.name)
        response.content_language.add(sheet.locale.lang)
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, no-cache"  # whoever prints must not print the number of last year
    g.language_by_header = True  # a file keeps no choice of language, whatever its address says
    return response
