"""Decide when the next wave goes out and whom it asks.

The ranked people are handed in and all of them fit; it neither ranks nor writes offers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from dispatch.domain.hours import DEFAULT as DEFAULT_HOURS
from dispatch.domain.hours import ServiceHours, is_waking, next_waking
from dispatch.domain.intervals import at_minute, to_local
from dispatch.domain.lifecycle import OfferState
from dispatch.domain.offers import DEFAULT as DEFAULT_OFFERS
from dispatch.domain.offers import OfferOptions, WaveRow


@dataclass(frozen=True)
class SentOffer:
    """An offer of one wave; `in_addition` takes no place in it."""

    state: OfferState
    deadline_at: datetime
    in_addition: bool = False


@dataclass(frozen=True)
class Ranked:
    """A person who fits, as far as a wave must know her.

    `has_mail`: an address that did not fail; else she is called, `in_time` if the office can do so before her deadline.
    `lapsed_in_a_row`: her latest offers that expired unanswered.
    """

    mediator_id: int
    has_mail: bool = True
    in_time: bool = True
    short_notice: bool = False
    night: bool = False
    lapsed_in_a_row: int = 0


@dataclass(frozen=True)
class Picked:
    """Ids in the order of asking: who takes a place, and who is asked in addition."""

    ask: tuple[int, ...] = ()
    in_addition: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no offer goes out."""
        return not self.ask and not self.in_addition


def wave_due_at(now: datetime, *, zone: tzinfo, hours: ServiceHours = DEFAULT_HOURS) -> datetime:
    """Return when a wave that is ready `now` goes out: at once, or at night at the next 07:00.

    It binds an emergency wave too, which waits for no answers but wakes nobody.
    """
    return next_waking(now, zone=zone, options=hours)


def wave_lapsed(wave: Iterable[SentOffer], now: datetime) -> bool:
    """Return whether each offer of the wave is answered, withdrawn or at its deadline.

    Who was asked in addition delays only a wave of nobody else; offers of the night rule are not handed in.
    """
    sent = tuple(wave)
    waited_for = [offer for offer in sent if not offer.in_addition] or sent
    return all(offer.state is not OfferState.OPEN or offer.deadline_at <= now for offer in waited_for)


def pick(
    ranked: Sequence[Ranked],
    row: WaveRow,
    already_asked: Mapping[int, OfferState],
    *,
    emergency: bool = False,
    options: OfferOptions = DEFAULT_OFFERS,
) -> Picked:
    """Choose the next wave down the rank until the row's places are taken.

    `already_asked` holds the state of each person's latest offer of this revision: only a withdrawn one may
    be repeated, and in an emergency an expired one. On the way who cannot be called in time, and who let
    three offers in a row lapse, is asked without taking a place. In the urgent row `short_notice` comes first.
    """
    repeatable = {OfferState.WITHDRAWN, OfferState.EXPIRED} if emergency else {OfferState.WITHDRAWN}
    ask: list[int] = []
    in_addition: list[int] = []
    for person in _in_order(ranked, row, options):
        if row.asked is not None and len(ask) >= row.asked:
            break
        if already_asked.get(person.mediator_id, OfferState.WITHDRAWN) not in repeatable:
            continue
        is_extra = not person.in_time or person.lapsed_in_a_row >= options.lapses_to_ask_in_addition
        (in_addition if is_extra else ask).append(person.mediator_id)
    return Picked(tuple(ask), tuple(in_addition))


def pick_for_night(
    ranked: Sequence[Ranked],
    already_asked: Mapping[int, OfferState],
    now: datetime,
    start: datetime,
    *,
    zone: tzinfo,
    hours: ServiceHours = DEFAULT_HOURS,
    options: OfferOptions = DEFAULT_OFFERS,
) -> tuple[int, ...]:
    """Return who is asked by mail while a wave waits for the morning: everyone open to it, never twice.

    Nobody unless the start lies before 09:00 of the morning for which the wave waits.
    """
    if is_waking(now, zone=zone, options=hours):
        return ()
    morning = to_local(next_waking(now, zone=zone, options=hours), zone).date()
    if start >= at_minute(morning, options.night_until_minute, zone):
        return ()
    may_be_asked = (person for person in ranked if person.night and person.has_mail)
    return tuple(
        person.mediator_id
        for person in may_be_asked
        if already_asked.get(person.mediator_id, OfferState.WITHDRAWN) is OfferState.WITHDRAWN
    )


def _in_order(ranked: Sequence[Ranked], row: WaveRow, options: OfferOptions) -> Sequence[Ranked]:
    if row != options.urgent_row:
        return ranked
    return sorted(ranked, key=lambda person: not person.short_notice)
