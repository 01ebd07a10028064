"""Build people, requests and reference data as plain values, so that a test names only what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from dispatch.domain.availability import Answer
from dispatch.domain.candidates import Candidate, Document, Wanted, minutes_by_week
from dispatch.domain.languages import Level, Match, Spoken
from dispatch.domain.modes import Mode
from dispatch.domain.places import Place
from dispatch.domain.settings import DocumentType, Qualification
from tests.domain.times import BERLIN, span

MEISSEN, RIESA = "14627140", "14627230"
UNDERTAKING = Document(DocumentType.UNDERTAKING, date(2025, 3, 1))


@dataclass(frozen=True)
class Row:
    """A language of the table."""

    close_to: Sequence[str] = ()
    relation: str | None = None
    varieties: Sequence[str] = ()


TABLE = {
    "ar": Row(("apc", "ary"), "variety", ("apc", "ary")),
    "apc": Row(("ar",), "variety"),
    "ary": Row(("ar",), "variety"),
    "fa": Row(("prs", "tg"), "mutual_partial"),
    "prs": Row(("fa", "tg"), "mutual_partial"),
    "tg": Row(("fa", "prs"), "mutual_partial"),
    "kmr": Row(("ckb",), "not_interchangeable"),
    "ckb": Row(("kmr",), "not_interchangeable"),
    "be": Row(("ru",), "one_way"),
    "ru": Row(),
    "hr": Row(("bs", "sr"), "mutual"),
    "bs": Row(("hr", "sr"), "mutual"),
    "sr": Row(("hr", "bs"), "mutual"),
    "gsg": Row(),
}


@dataclass(frozen=True)
class KnownPlace:
    """A place; without `ags` it lies outside the district."""

    ags: str | None
    postal_code: str | None
    town: str
    social_area: str | None = None
    lat: float = 51.16
    lon: float = 13.47


class FewPlaces:
    """Two municipalities, one code of two towns, one code of one town outside."""

    _municipalities: ClassVar[dict[str, KnownPlace]] = {
        MEISSEN: KnownPlace(MEISSEN, None, "Meißen", "Meißen"),
        RIESA: KnownPlace(RIESA, None, "Riesa", "Riesa"),
    }
    _towns = (
        KnownPlace(MEISSEN, "01662", "Meißen", "Meißen"),
        KnownPlace(RIESA, "01594", "Hirschstein", "Riesa"),
        KnownPlace(RIESA, "01594", "Stauchitz", "Riesa"),
        KnownPlace(None, "01067", "Dresden"),
    )

    def place_of_municipality(self, ags: str) -> Place | None:
        """Find a municipality by its key."""
        return self._municipalities.get(ags)

    def towns(self, postal_code: str) -> Sequence[Place]:
        """List the towns of a code."""
        return [place for place in self._towns if place.postal_code == postal_code]

    def find_place(
        self, *, ags: str | None = None, postal_code: str | None = None, town: str | None = None
    ) -> Place | None:
        """Find the one place meant."""
        found = [place for place in self.towns(postal_code or "") if ags in {None, place.ags}]
        found = [place for place in found if town is None or place.town.casefold() == town.casefold()]
        return found[0] if len(found) == 1 else None


PLACES = FewPlaces()
TUESDAY = span("2026-12-01 09:00", "10:00")


def candidate(**changes: Any) -> Candidate:
    """Return a speaker of Dari who fits `wanted()` in every way."""
    values: dict[str, Any] = {
        "id": 1,
        "active": True,
        "spoken": (Spoken("prs", Level.NATIVE),),
        "german_level": Level.C1,
        "qualification": Qualification.LAY,
        "gender": None,
        "modes": frozenset(Mode),
        "documents": (UNDERTAKING,),
        "availability": Answer.YES,
        "distance_km": 18.0,
        "way_minutes": 34,
        "max_distance_km": 40.0,
    }
    return Candidate(**values | changes)


def wanted(**changes: Any) -> Wanted:
    """Return an hour of Dari on site on Tuesday, 1 December 2026."""
    interval = changes.get("interval", TUESDAY)
    values: dict[str, Any] = {
        "interval": interval,
        "day": interval.start.astimezone(BERLIN).date(),
        "minutes": minutes_by_week(interval, BERLIN),
        "serving": ({"prs": Match.EXACT},),
        "language_level": Level.B2,
        "german_level": Level.B2,
        "setting": "doctor",
        "modes": (Mode.ON_SITE,),
    }
    return Wanted(**values | changes)
