"""Describe and guard an operation in one place: who may call it, what may go wrong, and that a repeat is harmless.

The order of a call: token, calls per minute, scope, right, sight of the object, repeat, then what it brings.
"""

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

import flask_smorest
from flask import Response, make_response, request

from dispatch import clock
from dispatch.api import guards
from dispatch.api.bodies import LONGEST_BODY, Parser
from dispatch.api.errors import Problem
from dispatch.api.fields import Schema
from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Act, require
from dispatch.domain.programs import Scope
from dispatch.services import repeats

BASE = "/api/v1"
PREFIX = "api_"
"""How the names of these blueprints begin, apart from those of the pages."""
WITH_BODY = {400, 413, 415}
"""Statuses of problems that a body may have."""
KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 255
LOCATION = {"Location": {"description": "The address of what was made.", "schema": {"type": "string"}}}
"""The header of an answer 201, for `response`."""

NOTHING = Schema()
"""What the body of a call brings that needs none."""

View = TypeVar("View", bound=Callable[..., Any])
Sees = Callable[..., object]
"""Called with the actor and the ids of the address; raises Missing or Forbidden."""


class Blueprint(flask_smorest.Blueprint):
    """Calls about one kind of thing, under `/api/v1` and the given path; named apart from the pages' blueprints."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, path: str, *, description: str, area: Scope | None = None) -> None:
        super().__init__(f"{PREFIX}{name}", __name__, url_prefix=f"{BASE}{path}", description=description)
        self.area = area

    def operation(
        self, act: Act | None, *, sees: Sees | None = None, problems: tuple[int, ...] = ()
    ) -> Callable[[View], View]:
        """Let only tokens call whose user may do `act` (None: any user), and see the object if `sees` is given.

        Stands right under the route and above `arguments`, so that nothing a call brings is looked at before.
        `problems`: statuses besides those every call of its form may have; repeats of POST are answered alike.
        """

        def decorate(view: View) -> View:
            @wraps(view)
            def guarded(*args: Any, **kwargs: Any) -> Any:
                request.max_content_length = LONGEST_BODY
                program = guards.identify()
                guards.check_scope(program, self.area)
                actor = program.account.actor
                if act is not None:
                    require(actor, act)
                if sees is not None:
                    sees(actor, **kwargs)
                _refuse_what_it_does_not_take(view)
                return _once(view, *args, **kwargs)

            guarded.rule = ("token", act)  # type: ignore[attr-defined]
            return cast("View", self._documented(guarded, {404, *problems} if sees else set(problems)))

        return decorate

    def _documented(self, guarded: Callable[..., Any], problems: set[int]) -> Callable[..., Any]:
        """Add every problem this call may have to its description.

        As `alt_response` would do for each; that copies all schemas of the call every time, and wraps it once more.
        """
        statuses = {401, 403, 422, 429, 500, 503} | problems
        if "json" in _places(guarded):
            statuses |= WITH_BODY
        known: dict[str, Any] = getattr(guarded, "_apidoc", {})
        answers: dict[str, Any] = known.get("response", {})
        responses: dict[int, list[Any]] = {status: [*kept] for status, kept in answers.get("responses", {}).items()}
        for status in sorted(statuses):
            responses.setdefault(status, []).append(HTTPStatus(status).name)
        guarded._apidoc = known | {"response": answers | {"responses": responses}}  # type: ignore[attr-defined]
        return guarded


def open_to_all(view: View) -> View:
    """Mark a view that needs no token: the description itself."""
    view.rule = ("public", None)  # type: ignore[attr-defined]
    return view


def _once(view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call the view; a POST under a key that was answered before gets that answer again."""
    key = request.headers.get(KEY_HEADER)
    if request.method != "POST" or key is None:
        return view(*args, **kwargs)
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Problem(422, "idempotency_key_invalid", errors={KEY_HEADER: ["invalid"]})
    token_id = guards.program().token_id
    call = b"\x00".join((request.method.encode(), request.full_path.encode(), request.get_data(cache=True)))
    known = repeats.begin(token_id, key, call, clock.now())
    if known is not None:
        return _replayed(known)
    try:
        response = make_response(view(*args, **kwargs))
    except BaseException:
        repeats.release(token_id, key)
        raise
    kept = repeats.Answer(response.status_code, _body_to_keep(response), response.headers.get("Location"))
    repeats.keep(token_id, key, kept)
    return response


def _body_to_keep(response: Response) -> str:
    """Return the body as a repeat gets it: a `secret` is told once and kept in no table."""
    body = response.get_data(as_text=True)
    told = json.loads(body) if '"secret"' in body else None
    return json.dumps(told | {"secret": None}) if isinstance(told, dict) and "secret" in told else body


def _replayed(known: repeats.Answer) -> Response:
    response = Response(known.body, known.status, content_type="application/json" if known.body else None)
    if known.location:
        response.headers["Location"] = known.location
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _refuse_what_it_does_not_take(view: Callable[..., Any]) -> None:
    """Raise Invalid for arguments of the address and for fields of a body where the call has none."""
    places = _places(view)
    if request.args and "query" not in places:
        raise Invalid(dict.fromkeys(request.args, ("unknown_field",)))
    if request.method not in ("GET", "HEAD") and "json" not in places:
        Parser().parse(NOTHING, request, location="json")


def _places(view: Callable[..., Any]) -> set[str]:
    """Return where a call's values stand: in its `json`, in the `query`."""
    parameters = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", ())
    return {one["in"] for one in parameters}
