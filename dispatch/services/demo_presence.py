"""Let a demonstration's coordination be at work: a second coordinator, an absence, a claim, a note."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch.domain.lifecycle import RequestState
from dispatch.domain.permissions import Role
from dispatch.models import InternalNote, Request, StaffAbsence, User
from dispatch.reference import demo_names
from dispatch.services.demo_scene import Scene
from dispatch.services.sign_ins import DEMO_ADDRESS
from dispatch.services.transactions import run

NOTE = "Die Stelle ist erst ab 13 Uhr zu erreichen, bitte dann anrufen."
_DAYS_AHEAD, _DAYS = 9, 4


def make(scene: Scene) -> None:
    """Add a colleague who looks after one open request, and who stands in when the first one is away."""
    rows, now = scene.rows, scene.now
    colleague = {
        "email": "nora.vogt@sprachmittlung.example", "name": demo_names.staff()[Role.COORDINATOR][1],
        "role": Role.COORDINATOR.value, "ui_language": "de", "created_at": now - timedelta(days=90),
        "password_hash": None,
    }  # fmt: skip
    colleague_id = rows.add(User, colleague)
    rows.flush()
    first_id, request_id = run(lambda session: _claim(session, scene, colleague_id))
    first_on = scene.today + timedelta(days=_DAYS_AHEAD)
    absence = {
        "user_id": first_id, "deputy_id": colleague_id, "first_on": first_on,
        "last_on": first_on + timedelta(days=_DAYS), "created_at": now - timedelta(days=1),
    }  # fmt: skip
    rows.add(StaffAbsence, absence)
    if request_id is not None:
        note = {
            "request_id": request_id,
            "mediator_id": None,
            "text": NOTE,
            "written_by_id": colleague_id,
            "written_at": now,
        }
        rows.add(InternalNote, note)


def _claim(session: Session, scene: Scene, user_id: int) -> tuple[int, int | None]:
    """Let somebody look after the next request that is searched for; return the first coordinator and the request."""
    email = DEMO_ADDRESS.format(role=Role.COORDINATOR)
    first_id = session.scalars(select(User.id).where(User.email == email)).one()
    wanted = select(Request.id).where(Request.state == RequestState.SEARCHING, Request.starts_at > scene.now)
    request_id = session.scalars(wanted.order_by(Request.starts_at, Request.id).limit(1)).first()
    if request_id is not None:
        held = update(Request).where(Request.id == request_id)
        held = held.values(claimed_by_id=user_id, claimed_at=scene.now - timedelta(minutes=20))
        session.execute(held, execution_options={"synchronize_session": False})
    return first_id, request_id
