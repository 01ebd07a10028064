"""Goal 5: create a request, or accept an offer, over HTTP with its checks, its audit and its outbox rows."""

from collections.abc import Callable
from contextvars import Context

from bench import timing, world

LIMIT = 1.5


def calls(here: world.World) -> dict[str, Callable[[], object]]:
    """Return both acts as functions; each call does it once more, for another hour."""
    office, desk = world.browser(here.app, here.office), world.browser(here.app, here.coordinator)
    token, desk_token = world.token_of(office), world.token_of(desk)
    hours, waiting = world.hours_ahead(), iter(world.offers(here, timing.WARM_UP + timing.ROUNDS))

    def create() -> None:
        form = {"csrf_token": token, **world.request_form(next(hours))}
        answer = Context().run(office.post, "/requests/new", data=form)
        assert answer.status_code == 302, answer.text

    def accept() -> None:
        form = {"csrf_token": desk_token, "answer": "yes", "channel": "phone"}
        answer = Context().run(desk.post, f"/offers/{next(waiting)}", data=form)
        assert answer.status_code == 200, answer.text

    return {"create a request": create, "accept an offer": accept}
