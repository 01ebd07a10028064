"""Pages for everybody: the start with its three doors, and what the law asks every service to say."""

from flask import Blueprint, Response, current_app, render_template, url_for

from dispatch import clock, i18n
from dispatch.domain import hours, legal, retention, service
from dispatch.domain.permissions import Act
from dispatch.services import options, speakers
from dispatch.web.frame import home_of, path_of
from dispatch.web.guards import may_do, public, signed_in
from dispatch.web.own_paths import page_of

bp = Blueprint("public", __name__)

EASY = "de"
"""The language of the page in easy language."""
SECURITY_LANGUAGES = "de, en"


@bp.get("/")
@public
def start() -> str:
    """Show the three doors, the telephone, and the languages of the pool."""
    account = signed_in()
    request_form = path_of("requests.new") or url_for("accounts.login")
    doors = {
        "office": request_form if account is None or may_do(Act.REQUEST_CREATE) else home_of(account.role),
        "help": page_of("/help-request"),
        "join": page_of("/join"),
        "mediator": home_of(account.role) if account else url_for("accounts.login"),
    }
    return render_template("public/start.html", spoken=speakers.spoken(), doors=doors)


@bp.get("/leichte-sprache")
@public
def easy() -> str:
    """Say in German easy language what the service is and how it is used (section 4 BITV 2.0)."""
    with i18n.in_language(EASY):
        words = {
            "opening": i18n.formats().service_hours(options.read(hours.DEFAULT).week),
            "number": i18n.format_phone(options.read(service.DEFAULT).phone),
        }
    return render_template(
        "public/easy.html",
        words=words,
        doors={"help": page_of("/help-request"), "join": page_of("/join")},
        statement=options.read(legal.STATEMENT),
        enforcement=_enforcement(),
    )


@bp.get("/impressum")
@public
def imprint() -> str:
    """Say who answers for the service (section 5 DDG)."""
    return render_template("public/imprint.html", own=_own_words("imprint"), operator=options.read(legal.OPERATOR))


@bp.get("/datenschutz")
@public
def privacy() -> str:
    """Say what is kept about whom and why (articles 13 and 14 GDPR)."""
    operator = options.read(legal.OPERATOR)
    return render_template(
        "public/privacy.html",
        own=_own_words("privacy"),
        periods=options.read(retention.DEFAULT),
        takes={"help": page_of("/help-request"), "join": page_of("/join")},
        officer=operator.privacy_officer,
        authority=operator.privacy_authority or legal.AUTHORITIES.get(options.read(hours.DEFAULT).land, ""),
    )


@bp.get("/barrierefreiheit")
@public
def accessibility() -> str:
    """Say how far the pages can be used by everybody, and where to complain (section 7 BITV 2.0, EU 2018/1523)."""
    return render_template(
        "public/accessibility.html",
        own=_own_words("accessibility"),
        statement=options.read(legal.STATEMENT),
        tested_on=legal.TESTED_ON,
        enforcement=_enforcement(),
        address=current_app.config["BASE_URL"],
    )


@bp.get("/.well-known/security.txt")
@public
def security() -> Response:
    """Say where a weakness is reported (RFC 9116)."""
    said = options.read(legal.SECURITY)
    address = current_app.config["BASE_URL"]
    ends_at = (clock.now() + legal.SECURITY_TEXT_LASTS).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{said.mailbox or options.read(service.DEFAULT).mailbox}",
        f"Expires: {ends_at:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {SECURITY_LANGUAGES}",
        f"Canonical: {address}{url_for('public.security')}",
        *([f"Policy: {said.policy}"] if said.policy else []),
    ]
    return Response("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


def _enforcement() -> str:
    said = options.read(legal.STATEMENT).enforcement
    return said or legal.ENFORCEMENT.get(options.read(hours.DEFAULT).land, "")


def _own_words(name: str) -> list[tuple[bool, list[str]]]:
    """Return what the district says in place of the shipped text, in paragraphs; empty where it says nothing."""
    return legal.paragraphs(getattr(options.read(legal.DEFAULT), name))
