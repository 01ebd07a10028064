"""What a measure came to: both sides of a ratio, and what the ratio may be."""

from typing import NamedTuple

RAW = "REF raw"


class Result(NamedTuple):
    """A measured value beside that of its peer; `limit` is the most the ratio may be, or the least."""

    goal: int | None
    measure: str
    value: float
    peer: str
    beside: float
    limit: float
    unit: str = "ms"
    at_least: bool = False

    @property
    def ratio(self) -> float:
        """The value in multiples of its peer's."""
        return self.value / self.beside

    @property
    def is_missed(self) -> bool:
        """Tell whether the limit does not hold."""
        return self.ratio < self.limit if self.at_least else self.ratio > self.limit

    def as_dict(self) -> dict[str, object]:
        """Return it for the file of results."""
        return {
            "goal": self.goal, "value": round(self.value, 3), "peer": self.peer, "beside": round(self.beside, 3),
            "unit": self.unit, "ratio": round(self.ratio, 2), "limit": self.limit, "at_least": self.at_least,
            "missed": self.is_missed,
        }  # fmt: skip
