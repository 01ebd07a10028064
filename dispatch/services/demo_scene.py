"""Hold what every part of a demonstration's making works with: its rows, its people, its chance, its instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from dispatch.domain.intervals import to_local
from dispatch.services import local_time
from dispatch.services.demo_pool import Pool
from dispatch.services.demo_rows import Rows


@dataclass(slots=True)
class Scene:
    """A demonstration in the making; all of it follows from the seed and the instant `now`."""

    now: datetime
    rng: Random
    rows: Rows = field(default_factory=Rows)
    pool: Pool = field(init=False)

    def __post_init__(self) -> None:
        self.pool = Pool(self.rng)

    @property
    def today(self) -> date:
        """The local day of `now`."""
        return to_local(self.now, local_time.zone()).date()

    def one_in(self, number: int) -> bool:
        """Return yes once in `number` times."""
        return self.rng.randrange(number) == 0

    def pick(self, weights: Mapping[str, int]) -> str:
        """Return one of the words by its weight."""
        return self.rng.choices(list(weights), weights=list(weights.values()))[0]
