"""Keep what was typed and not sent: by scripts while typing, and when the session was lost before sending.

A form is named by the path of its page. Its view calls `take()` when it shows the form, and `forget()` once sent.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, current_app, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from dispatch import clock
from dispatch.domain.errors import Throttled
from dispatch.domain.permissions import Act
from dispatch.domain.settings import Protection
from dispatch.services import accounts, drafts
from dispatch.services.transactions import run
from dispatch.web.clients import client
from dispatch.web.guards import requires, safe_target, signed_in

bp = Blueprint("drafts", __name__)

STRAY = "stray_form"
NEVER_KEPT = frozenset({"csrf_token", "nonce", "password", "old", "new", "code", "passkey"})
HIDDEN = frozenset({"address", "place_note"})
FORMS_OF_SECRETS = frozenset({"accounts", "second_factors"})


def init_app(app: Flask) -> None:
    """Let the guards keep a form that arrives without a session."""
    app.extensions["keep_form"] = keep


@bp.post("/drafts/<path:form>")
@requires(Act.ACCOUNT_EDIT)
def save(form: str) -> tuple[str, int]:
    """Keep a form while it is being typed; the address ends with the path of its page."""
    account = signed_in()
    assert account is not None
    if not drafts.save(account.user_id, form, _typed(), clock.now()):
        raise RequestEntityTooLarge
    return "", 204


def take(form: str | None = None) -> MultiDict[str, str] | None:
    """Return what the signed-in user typed into this form and did not send, None when nothing is kept.

    `form` is the path of its page without the first slash; left out, it is this page.
    """
    draft = _find(form)
    return MultiDict(draft.values) if draft else None


def kept_at(form: str | None = None) -> datetime | None:
    """Return since when this user's form is kept, None when nothing is."""
    draft = _find(form)
    return draft.saved_at if draft else None


def forget(form: str | None = None) -> None:
    """Drop what is kept of the form, once it was sent or thrown away."""
    account = signed_in()
    if account:
        user_id = account.user_id
        run(lambda write: drafts.forget(write, user_id, form or _form_here()))


def keep() -> str:
    """Keep the form just posted without a live session; return the path to come back to after signing in."""
    if not _has_page():
        return _page_before()
    if request.blueprint not in FORMS_OF_SECRETS:
        _keep_stray()
    return request.full_path.rstrip("?")


def stray() -> Mapping[str, Any] | None:
    """Return the mark of a kept form in this browser; read it before a session begins, which empties the cookie."""
    return session.get(STRAY)


def bring_home(mark: Mapping[str, Any] | None, account: accounts.Account) -> None:
    """Give the kept form to who has signed in, unless the lost session was somebody else's."""
    if mark and mark.get("of") in {None, account.user_id}:
        drafts.claim(str(mark["secret"]), account.user_id, clock.now())


def _keep_stray() -> None:
    try:
        secret = drafts.save_stray(_form_here(), _typed(), client(), clock.now())
    except Throttled:
        return
    if secret:
        session[STRAY] = {"secret": secret, "of": accounts.owner_of(str(session.get("_user_id", "")))}


def _typed() -> dict[str, list[str]]:
    """Return what may be kept; of a protected case neither an address nor a note about the place."""
    never = NEVER_KEPT | (HIDDEN if request.form.get("protection") == Protection.PROTECTED else set())
    return {name: values for name, values in request.form.lists() if name not in never}


def _find(form: str | None) -> drafts.Draft | None:
    account = signed_in()
    return drafts.find(account.user_id, form or _form_here(), clock.now()) if account else None


def _form_here() -> str:
    return request.path.strip("/")


def _has_page() -> bool:
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    try:
        adapter.match(request.path, method="GET")
    except HTTPException:
        return False
    return True


def _page_before() -> str:
    before = (request.referrer or "").removeprefix(request.host_url.rstrip("/"))
    return safe_target(before) or "/"
