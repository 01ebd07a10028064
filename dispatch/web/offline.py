"""Make the mediators' part an app of the phone: its manifest, its worker, and the few pages that the worker may keep.

The server alone says what may be kept, for whom and for how long, by two headers; the worker (`static/js/worker.js`)
keeps nothing without them. Staff, offices, links and the pages for everybody never carry them.
"""

from hashlib import sha256

from flask import Blueprint, Response, g, json, render_template, request, url_for

from dispatch import clock, i18n
from dispatch.domain import service
from dispatch.domain.permissions import Role
from dispatch.i18n import gettext as _
from dispatch.services import options
from dispatch.web import files, guards
from dispatch.web.guards import public, signed_in

bp = Blueprint("offline", __name__)

MARK, KEEP = "X-Session-Mark", "X-Offline"
NOBODY = "none"
MARK_LENGTH = 16
GROUND = "#1d2034"
"""The colour of the mark (`static/mark.svg`) and of the band above every page."""
ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))


@bp.get("/service-worker.js")
@public
def worker() -> Response:
    """Hand over the worker, from an address where every page is in its reach; browsers always ask for a newer one."""
    response = Response(files.text_of("js/worker.js"), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """Describe the mediators' part to a browser that installs it, in the reader's language."""
    desk, locale = options.read(service.DEFAULT), i18n.locale()
    week, offers = url_for("appointments.index"), url_for("offers.index")
    described = {
        "id": week,
        "name": f"{desk.name} {desk.district}",
        "short_name": _("My appointments"),
        "description": _("My appointments and what I am asked, readable offline too."),
        "lang": locale.tag,
        "dir": locale.direction,
        "start_url": week,
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [_icon(size, purpose) for size, purpose in ICONS],
        "shortcuts": [{"name": _("My appointments"), "url": week}, {"name": _("Offers"), "url": offers}],
    }
    return Response(json.dumps(described), content_type="application/manifest+json")


def _icon(size: str, purpose: str) -> dict[str, str]:
    name = f"icons/{'maskable' if purpose == 'maskable' else 'icon'}-{size}.png"
    return {"src": url_for("static", filename=name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@bp.get("/offline")
@public
def show() -> str:
    """Say that a page needs a connection; the worker shows it in the place of those that it does not keep."""
    let_keep()
    return render_template("offline/show.html")


def let_keep() -> None:
    """Let the worker of a mediator keep the page that is being made."""
    g.may_be_kept = True


@bp.after_app_request
def _say_what_may_be_kept(response: Response) -> Response:
    """Mark a page with the session it was made for, and with the seconds for which it may be kept, if at all.

    A page for which nobody asked who is there says nothing; neither does the page of an unexpected error.
    """
    if response.mimetype != "text/html" or "_login_user" not in g or g.get("nobody"):
        return response
    account = signed_in()
    if account is None or account.role is not Role.MEDIATOR:
        response.headers[MARK] = NOBODY
        return response
    response.headers[MARK] = sha256(f"offline {guards.secret()}".encode()).hexdigest()[:MARK_LENGTH]
    if g.get("may_be_kept") and request.method == "GET" and response.status_code == 200 and account.ends_at:
        response.headers[KEEP] = str(int((account.ends_at - clock.now()).total_seconds()))
    return response
