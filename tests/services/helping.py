"""What the tests of residents' requests share: what is asked, and what became of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from dispatch.domain.help_requests import Contact, NewHelp, Timing, Topic, Way
from dispatch.domain.modes import Mode
from dispatch.domain.permissions import Actor
from dispatch.models import CallTask, HelpRequest, Request
from dispatch.reference import places
from dispatch.services import (
    help_requests,
)
from dispatch.services.help_requests import Sender
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.booking import actor_of

KEY = "key"
HOUR = timedelta(hours=1)


def asked(**values: Any) -> NewHelp:
    """A doctor in Meißen, by phone at safe times, day and time fixed."""
    defaults: dict[str, Any] = {
        "language": "prs", "topic": Topic.HEALTH, "timing": Timing.FIXED, "starts_at": START,
        "ends_at": START + HOUR, "mode": Mode.ON_SITE, "place": places.place_of_municipality("14627140"),
        "address": "Markt 1", "contact": Contact(Way.PHONE, "+491715550111", safe_times="9–11", call_name="A."),
    }  # fmt: skip
    return NewHelp(**defaults | values)


def send(new: NewHelp | None = None, number: int = 1, now: Any = NOW, client: str = "net") -> str:
    code = help_requests.send(new or asked(), Sender(f"{number:024d}", client, "ar"), now, key=KEY)
    assert code is not None
    return code


def only() -> Request:
    loaded = select(Request).options(selectinload(Request.languages), selectinload(Request.people))
    return reading().scalars(loaded.execution_options(populate_existing=True)).one()


def said() -> HelpRequest:
    return reading().scalars(select(HelpRequest).execution_options(populate_existing=True)).one()


def count(table: type[Any]) -> int:
    return reading().scalar(select(func.count()).select_from(table)) or 0


def calls_to_make() -> list[str | None]:
    wanted = select(CallTask.message).where(CallTask.side == "office", CallTask.state == "open").order_by(CallTask.id)
    return list(reading().scalars(wanted))


def coordinator(build: Builder, *, named: bool = False) -> Actor:
    return replace(actor_of(build.user("coordinator", handles_protected=named)), handles_protected=named)
