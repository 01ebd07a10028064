"""Make up the people who would like to become mediators in a demonstration: begun, waiting, taken in.

All of them are invented; addresses and numbers are those reserved for fiction.
"""

from datetime import timedelta
from typing import Any

from dispatch.domain.applicants import ApplicantState, Step
from dispatch.models import Applicant, ApplicantStep
from dispatch.services.demo_scene import Scene

WAITING = 2
"""The id of the application that waits."""
_NEWEST = 2
"""The mediator who came into the pool as an applicant."""
_RIESA, _MEISSEN = "14627230", "14627140"

_WAITING: dict[str, Any] = {
    "name": "Hanna Tesfay", "phone": "0171 3920077", "home": "Riesa", "place": [_RIESA, "", ""],
    "languages": [["ti", "native"], ["am", "B2"]], "german_level": "C1", "gender": "female",
    "modes": ["on_site", "phone"], "transport": "public",
    "times": ["0-morning", "1-morning", "2-morning", "3-afternoon", "4-morning"],
}  # fmt: skip
_BEGUN: dict[str, Any] = {
    "name": "Omid Karimi", "phone": "", "home": "Meißen", "place": [_MEISSEN, "", ""],
    "languages": [["prs", "native"]], "german_level": "", "gender": "", "modes": [], "transport": "", "times": [],
}  # fmt: skip


def make(scene: Scene, *, mediators: int) -> None:
    """Add one application that is half filled, one that waits, and one that led into the pool."""
    now = scene.now
    _add(scene, "omid.karimi@sprachmittlung.example", ApplicantState.STARTED, days=2, answers=_BEGUN, ui_language="fa")
    waiting = _add(
        scene, "hanna.tesfay@sprachmittlung.example", ApplicantState.CONFIRMED, days=6, answers=_WAITING,
        consented_at=now - timedelta(days=6), confirmed_at=now - timedelta(days=6), ui_language="ti", version=2,
    )  # fmt: skip
    _take(scene, waiting, Step.TALK, 2, note="Möchte zuerst in Schulen dolmetschen.")
    if mediators < _NEWEST:
        return
    taken = _add(
        scene, "", ApplicantState.ACCEPTED, days=60, consented_at=now - timedelta(days=60), version=3,
        confirmed_at=now - timedelta(days=60), closed_at=now - timedelta(days=20), mediator_id=_NEWEST,
    )  # fmt: skip
    for step, days in ((Step.TALK, 50), (Step.TRAINING, 30), (Step.UNDERTAKING, 30)):
        _take(scene, taken, step, days)


def _add(scene: Scene, email: str, state: ApplicantState, *, days: int, **values: Any) -> int:
    at = scene.now - timedelta(days=days)
    row = {"email": email, "state": state.value, "ui_language": "de", "created_at": at, "saved_at": at}
    return scene.rows.add(Applicant, row | values)


def _take(scene: Scene, applicant_id: int, step: Step, days: int, *, note: str | None = None) -> None:
    at = scene.now - timedelta(days=days)
    row = {"applicant_id": applicant_id, "step": step.value, "note": note, "recorded_by_id": None}
    day = scene.today - timedelta(days=days)
    scene.rows.add(ApplicantStep, {**row, "done_on": day, "recorded_at": at})
