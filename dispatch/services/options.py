"""Read the options of a topic: today the shipped constants, one frozen value per topic.

Every service reads options here and nowhere else, so that keeping them in the database changes this module alone.
"""

from typing import TypeVar

T = TypeVar("T")


def read(shipped: T) -> T:
    """Return the options in force for the topic whose shipped default is `shipped` (`hours.DEFAULT`, …)."""
    return shipped
