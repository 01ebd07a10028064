"""Pages for everybody: the start with its three doors, and what the law asks every service to say."""

from flask import Blueprint, render_template, url_for

from dispatch.domain import legal, retention
from dispatch.domain.permissions import Act
from dispatch.services import options, speakers
from dispatch.web.frame import home_of, path_of
from dispatch.web.guards import may_do, public, signed_in

bp = Blueprint("public", __name__)


@bp.get("/")
@public
def start() -> str:
    """Show the three doors, the telephone, and the languages of the pool."""
    account = signed_in()
    request_form = path_of("requests.new") or url_for("accounts.login")
    return render_template(
        "public/start.html",
        spoken=speakers.spoken(),
        office_href=request_form if account is None or may_do(Act.REQUEST_CREATE) else home_of(account.role),
        mediator_href=home_of(account.role) if account else url_for("accounts.login"),
    )


@bp.get("/impressum")
@public
def imprint() -> str:
    """Say who answers for the service (section 5 DDG)."""
    return render_template("public/imprint.html", own=_own_words("imprint"))


@bp.get("/datenschutz")
@public
def privacy() -> str:
    """Say what is kept about whom and why (articles 13 and 14 GDPR)."""
    return render_template("public/privacy.html", own=_own_words("privacy"), periods=options.read(retention.DEFAULT))


@bp.get("/barrierefreiheit")
@public
def accessibility() -> str:
    """Say how far the pages can be used by everybody, and where to complain."""
    return render_template("public/accessibility.html", own=_own_words("accessibility"))


def _own_words(name: str) -> list[tuple[bool, list[str]]]:
    """Return what the district says in place of the shipped text, in paragraphs; empty where it says nothing."""
    return legal.paragraphs(getattr(options.read(legal.DEFAULT), name))
