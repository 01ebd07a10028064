"""Say what a topic of options is: the value the service ships, and the kinds of its fields.

It must not list the topics; `option_topics` and `option_public` do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dispatch.domain.findings import Findings
from dispatch.domain.option_kinds import Kind

Check = Callable[[Any, Findings], None]


@dataclass(frozen=True)
class Topic:
    """What is set on one page: the shipped value, the kind of each field, in the order of the form, and a check.

    The check sees the whole value when no field is at fault by itself, and notes codes at the names of form fields.
    """

    name: str
    shipped: Any
    kinds: Mapping[str, Kind]
    check: Check = field(default=lambda _value, _findings: None)
