"""Answer refusals and HTTP errors as problem+json (RFC 9457): a stable code, and texts in the asked language.

`type` is an anchor of the description's page, where every code is explained.
"""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, g, request
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, SecurityError

from dispatch import clock
from dispatch.domain import errors
from dispatch.domain.errors import Kind
from dispatch.messages import problems

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
AT_WORK_RETRY_SECONDS = 1
CONTENT_TYPE = "application/problem+json"
CODES = {
    400: "malformed",
    404: "missing",
    405: "method_not_allowed",
    413: "too_large",
    415: "not_json",
    431: "headers_too_large",
    500: "unexpected",
}
"""The codes of problems that are those of HTTP and not of a use case."""
_KEPT_HEADERS = frozenset({"Allow", "Retry-After", "WWW-Authenticate"})


class Problem(Exception):
    """A call cannot be answered for a reason of its own form; `code` as in `messages.problems`."""

    def __init__(self, status: int, code: str, headers: Mapping[str, str] | None = None, **members: object) -> None:
        self.status, self.code, self.headers, self.members = status, code, dict(headers or {}), members
        super().__init__(f"{status} {code}")


def answer(error: Exception) -> Response:
    """Answer whatever was raised under the API's addresses; what nobody expected is logged and told nothing of."""
    match error:
        case Problem():
            return problem(error.status, error.code, None, members=error.members, headers=error.headers)
        case errors.Refusal():
            return _refused(error)
        case SecurityError():
            return problem(400, "host_not_known", None)
        case HTTPException():
            return _http(error)
        case DataError() | OverflowError():
            current_app.logger.warning("beyond the database: %s", type(error).__name__)
            return problem(400, "malformed", None)
        case _:
            current_app.logger.error("unexpected %s", type(error).__name__, exc_info=error)
            return problem(500, "unexpected", None)


def problem(
    status: int,
    code: str,
    detail: str | None,
    *,
    members: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Write one problem; without a `detail` the sentence of the code is taken."""
    body: dict[str, object] = {
        "type": f"/api/v1/docs#{code}",
        "title": problems.title(status),
        "status": status,
        "detail": detail or problems.sentence(code),
        "code": code,
        "instance": g.get("request_id", ""),
        **(members or {}),
    }
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type=CONTENT_TYPE)
    response.headers.update(headers or {})
    response.headers["Content-Language"] = problems.language()
    return response


def _refused(refusal: errors.Refusal) -> Response:
    members, headers = _members(refusal), {}
    if isinstance(refusal, errors.Busy):
        headers["Retry-After"] = str(BUSY_RETRY_SECONDS)
    if isinstance(refusal, errors.KeyAtWork):
        headers["Retry-After"] = str(AT_WORK_RETRY_SECONDS)
    if isinstance(refusal, errors.Throttled):
        headers["Retry-After"] = str(max(1, int((refusal.until - clock.now()).total_seconds())))
    status = STATUS[refusal.kind]
    return problem(status, refusal.code, problems.of_refusal(refusal), members=members, headers=headers)


def _members(refusal: errors.Refusal) -> dict[str, Any]:
    """Return what a refusal tells besides its code; never a person's name."""
    match refusal:
        case errors.NotTaken(text=text, alternative=alternative):
            return {"errors": refusal.errors, "text": text, "alternative": alternative}
        case errors.Invalid():
            return {"errors": refusal.errors}
        case errors.PeopleDoNotFit(by_mediator=by_mediator):
            people = [{"mediator_id": number, "codes": codes} for number, codes in by_mediator.items()]
            return {"codes": refusal.codes, "mediators": people}
        case errors.DoesNotFit():
            return {"codes": refusal.codes}
        case errors.MoveRefused():
            return {"subject": refusal.subject, "state": refusal.state, "target": refusal.target}
        case errors.Stale():
            return {"version": refusal.current}
        case errors.OfferClosed():
            return {"cause": refusal.cause}
        case _:
            return {}


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    kept = {name: value for name, value in error.get_headers(request.environ) if name in _KEPT_HEADERS}
    return problem(code, CODES.get(code, "not_possible"), None, headers=kept)
