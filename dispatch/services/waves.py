"""Send the offers of a search: the next wave of every request that is due, and what lapses and no longer fits.

Whom a wave asks is the domain's. Ranking happens in a read; the write looks at the request again and throws the
ranking away when state, revision or wave have changed, so any number of processes may do this at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dispatch.domain import hours, waves
from dispatch.domain import offers as rules
from dispatch.domain.lifecycle import OfferState, RequestState
from dispatch.domain.permissions import SYSTEM
from dispatch.domain.requests import Policy
from dispatch.domain.settings import Protection
from dispatch.domain.waves import Picked, SentOffer
from dispatch.models import Offer, Request
from dispatch.services import local_time, matching, options, states
from dispatch.services.matching import Ranking
from dispatch.services.sending import is_called_in_time, send
from dispatch.services.transactions import each, reading, run

BATCH = 200
RELOOK = timedelta(hours=1)
"""How soon a search with nobody left to ask looks at the pool again, in waking hours."""
NIGHT_WAVE = 0
"""The number of offers made at night, which are part of no wave."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a request was when its pool was ranked."""

    state: str
    revision: int
    wave: int
    due_at: datetime | None
    emergency: bool

    @classmethod
    def of(cls, request: Request) -> "_Seen":
        return cls(request.state, request.revision, request.wave, request.wave_due_at, request.emergency)


def run_waves(now: datetime) -> int:
    """Look at every request whose wave is due, one transaction each; return how many offers went out."""
    return each(_due(now), lambda request_id: _look(request_id, now))


def _due(now: datetime) -> list[int]:
    wanted = select(Request.id).where(
        Request.state.in_((RequestState.SUBMITTED, RequestState.SEARCHING)),
        Request.policy == Policy.WAVES,
        Request.protection != Protection.PROTECTED,
        Request.wave_due_at <= now,
        or_(Request.starts_at > now, Request.stepped_back),
    )
    return list(reading().scalars(wanted.order_by(Request.wave_due_at, Request.id).limit(BATCH)))


def _look(request_id: int, now: datetime) -> int:
    ranking = matching.rank(reading(), request_id, now)
    seen = _Seen.of(ranking.asked.request)

    def use_case(session: Session) -> int:
        wanted = select(Request).where(Request.id == request_id).with_for_update(skip_locked=True)
        request = session.scalar(wanted)
        if request is None or _Seen.of(request) != seen:
            return 0
        return _ask(session, request, ranking, now)

    return run(use_case)


def _ask(session: Session, request: Request, ranking: Ranking, now: datetime) -> int:
    """Send the wave of a locked request, or put it off: while a wave runs, at night, with nobody to ask."""
    if request.state == RequestState.SUBMITTED:
        states.set_request(session, SYSTEM, request, RequestState.SEARCHING, now)
    waking = options.read(hours.DEFAULT)
    running_until = None if request.emergency else still_running(session, request, now)
    if running_until is not None:
        request.wave_due_at = running_until
        return 0
    if not hours.is_waking(now, zone=local_time.zone(), options=waking):
        request.wave_due_at = waves.wave_due_at(now, zone=local_time.zone(), hours=waking)
        return _ask_at_night(session, request, ranking, now)
    picked = pick_for(request, ranking, now)
    if picked.is_empty:
        _note_nobody_left(request, ranking, now)
        return 0
    _send_wave(session, request, ranking, picked, now)
    return len(picked.ask) + len(picked.in_addition)


def still_running(session: Session, request: Request, now: datetime) -> datetime | None:
    """Return until when the latest wave of a locked request is waited for; None when it lapsed or there is none."""
    sent = wave_of(session, request)
    if not sent or waves.wave_lapsed(sent, now):
        return None
    return max(offer.deadline_at for offer in sent if offer.state is OfferState.OPEN)


def note_answer(session: Session, request: Request, now: datetime) -> None:
    """Let the next wave of a locked request go out when its latest one has lapsed.

    Under `manual` a person asks next: since when nobody is asked any more is kept for the board.
    """
    if request.state != RequestState.SEARCHING or still_running(session, request, now) is not None:
        return
    if request.policy == Policy.WAVES:
        request.wave_due_at = now
    else:
        request.exhausted_at = request.exhausted_at or now


def wave_of(session: Session, request: Request) -> list[SentOffer]:
    """Return the offers of the latest wave of a request's revision, those of the night left out."""
    session.flush()
    found = session.execute(
        select(Offer.state, Offer.deadline_at, Offer.in_addition).where(
            Offer.request_id == request.id,
            Offer.revision == request.revision,
            Offer.wave == request.wave,
            Offer.wave != NIGHT_WAVE,
        )
    )
    return [SentOffer(OfferState(state), deadline_at, in_addition) for state, deadline_at, in_addition in found]


def pick_for(request: Request, ranking: Ranking, now: datetime) -> Picked:
    """Return whom a wave of a ranked request would ask that goes out `now`."""
    shipped = options.read(rules.DEFAULT)
    waking = options.read(hours.DEFAULT)
    row = rules.row_for(now, request.starts_at, zone=local_time.zone(), hours=waking, options=shipped)
    return waves.pick(_ranked(ranking, now), row, _already_asked(ranking), emergency=request.emergency, options=shipped)


def _ranked(ranking: Ranking, now: datetime) -> list[waves.Ranked]:
    return [
        waves.Ranked(
            one.person.mediator.id,
            has_mail=one.person.has_mail,
            in_time=is_called_in_time(ranking.asked, one, now),
            short_notice=one.person.mediator.short_notice,
            night=one.person.mediator.night,
            lapsed_in_a_row=one.person.mediator.lapses_in_row,
        )
        for one in ranking.eligible
    ]


def _already_asked(ranking: Ranking) -> Mapping[int, OfferState]:
    people = (one.person for one in ranking.eligible)
    return {person.mediator.id: person.asked for person in people if person.asked is not None}


def _ask_at_night(session: Session, request: Request, ranking: Ranking, now: datetime) -> int:
    """Ask those who want to be asked at night for an early start; that delays no wave and counts as none."""
    ids = waves.pick_for_night(
        _ranked(ranking, now),
        _already_asked(ranking),
        now,
        request.starts_at,
        zone=local_time.zone(),
        hours=options.read(hours.DEFAULT),
        options=options.read(rules.DEFAULT),
    )
    asked = [one for one in ranking.eligible if one.person.mediator.id in ids]
    send(
        session, request, ranking.asked, asked, now,
        actor=SYSTEM, wave=NIGHT_WAVE, in_addition=frozenset(ids),
    )  # fmt: skip
    return len(asked)


def _send_wave(session: Session, request: Request, ranking: Ranking, picked: Picked, now: datetime) -> None:
    chosen = {*picked.ask, *picked.in_addition}
    people = [one for one in ranking.eligible if one.person.mediator.id in chosen]
    request.wave += 1
    request.emergency = False
    sent = send(
        session, request, ranking.asked, people, now,
        actor=SYSTEM, wave=request.wave, in_addition=frozenset(picked.in_addition),
    )  # fmt: skip
    waited_for = [offer for offer in sent if not offer.in_addition] or sent
    request.wave_due_at = max(offer.deadline_at for offer in waited_for)


def _note_nobody_left(request: Request, ranking: Ranking, now: datetime) -> None:
    """Remember since when nobody fits, or everybody who fits was asked, and look again an hour later."""
    if ranking.eligible_total:
        request.exhausted_at, request.nobody_fits_at = request.exhausted_at or now, None
    else:
        request.nobody_fits_at, request.exhausted_at = request.nobody_fits_at or now, None
    waking = options.read(hours.DEFAULT)
    request.wave_due_at = hours.next_waking(now + RELOOK, zone=local_time.zone(), options=waking)
