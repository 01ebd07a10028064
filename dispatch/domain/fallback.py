"""Hold where offices turn when nobody of the pool fits or nobody of the service is there.

It never decides when that is.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fallback:
    """Option: a hint for offices and a telephone number (E.164); empty says nothing."""

    text: str = ""
    phone: str = ""


DEFAULT = Fallback()
