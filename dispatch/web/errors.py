"""Show what went wrong: one page per status, in the reader's language, with a reference number and no trace.

`STATUS` turns the kind of a refusal into the status of a page; forms catch `Invalid` themselves and keep the values.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from dispatch import clock, messages
from dispatch.domain.errors import Busy, Kind, Refusal, Throttled
from dispatch.web import guards

STATUS = {
    Kind.INVALID: 422,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.THROTTLED: 429,
    Kind.BUSY: 503,
}
BUSY_RETRY_SECONDS = 5


def init_app(app: Flask) -> None:
    """Answer refusals and HTTP errors with our own pages, or as another edge does under its own addresses.

    Such an edge names its prefix and its way to answer in `app.extensions["errors_under"]`.
    """
    for kind, answer in _ANSWERS.items():
        app.register_error_handler(kind, _here_or_there(answer))


def _here_or_there(here: Callable[[Any], AnyResponse]) -> Callable[[Any], AnyResponse]:
    def answer(error: Exception) -> AnyResponse:
        for prefix, there in current_app.extensions.get("errors_under", {}).items():
            if request.path.startswith(prefix):
                return cast("AnyResponse", there(error))
        return here(error)

    return answer


def _refused(refusal: Refusal) -> Response:
    response = page(STATUS[refusal.kind], messages.sentence(refusal))
    if isinstance(refusal, Busy):
        response.headers["Retry-After"] = str(BUSY_RETRY_SECONDS)
    if isinstance(refusal, Throttled):
        response.headers["Retry-After"] = str(max(1, int((refusal.until - clock.now()).total_seconds())))
    return response


def _forged(_error: CSRFError) -> AnyResponse:
    view = current_app.view_functions.get(request.endpoint or "")
    is_guarded = getattr(view, "rule", ("", None))[0] == "requires"
    if is_guarded and guards.from_own_pages() and guards.signed_in() is None:
        return guards.sign_in_first()  # the browser lost the cookie with session and token, not the form
    return page(400, messages.form_expired())


def _http_error(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):  # a host that is not ours: no address can be built for a page
        return Response("400 Bad Request", 400, mimetype="text/plain")
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    response = page(code, None)
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _beyond_the_database(error: Exception) -> Response:
    """Answer to numbers and characters that the database cannot hold: PostgreSQL and SQLite refuse them differently."""
    current_app.logger.warning("beyond the database: %s", type(error).__name__)
    g.nobody = True  # PostgreSQL answers nothing more in this transaction
    return page(400, None)


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("unexpected %s", type(error).__name__, exc_info=error)
    g.nobody = True  # what failed may be the look-up of the account
    return page(500, None)


_ANSWERS: Mapping[type[Exception], Callable[[Any], AnyResponse]] = {
    Refusal: _refused,
    CSRFError: _forged,
    HTTPException: _http_error,
    DataError: _beyond_the_database,
    OverflowError: _beyond_the_database,
    Exception: _unexpected,
}


def page(status: int, sentence: str | None) -> Response:
    """Render the page of `status`; `sentence` says it more closely than the status alone does."""
    title, advice = messages.error_page(status)
    body = render_template(
        "errors/error.html",
        status=status,
        title=title,
        sentence=sentence,
        advice=advice,
        reference=g.get("request_id", ""),
    )
    return make_response(body, status)
