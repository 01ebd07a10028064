"""Show the mails of a demonstration as a mailbox; outside a demonstration there is no such page."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import Blueprint, current_app, render_template, request

from dispatch.domain.errors import Missing
from dispatch.i18n import locale_of
from dispatch.outgoing import mailbox
from dispatch.web.guards import public

bp = Blueprint("mailbox", __name__)


@bp.get("/mailbox")
@public
def index() -> str:
    """List the mails, newest first; `?to=` keeps those of one address."""
    recipient = request.args.get("to", "")
    return render_template("mailbox/index.html", letters=mailbox.letters(_folder(), recipient=recipient), to=recipient)


@bp.get("/mailbox/<name>")
@public
def letter(name: str) -> str:
    """Show one mail as its plain text, links included."""
    found = mailbox.letter(_folder(), name)
    if found is None:
        raise Missing
    return render_template("mailbox/letter.html", letter=found, written_in=locale_of(found.language))


def _folder() -> Path:
    """Return the folder of the demonstration's mails; Missing outside one."""
    parts = urlsplit(current_app.config["MAIL_URL"])
    if not (current_app.config["DEMO"] and current_app.config["IS_LOOPBACK"] and parts.scheme == "file"):
        raise Missing
    return Path(unquote(parts.path))
