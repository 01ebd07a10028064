"""Decide how units hang together: nobody is their own ancestor, and a list shows each below its parent.

It never loads a row; a tree arrives as ids with the id of each one's parent.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Node(NamedTuple):
    """A unit and its parent, None at the top."""

    id: int
    parent_id: int | None


class Placed(NamedTuple):
    """A unit in its place of a list; `depth` counts the shown ancestors."""

    id: int
    depth: int


def ancestors(unit_id: int, parents: Mapping[int, int | None]) -> tuple[int, ...]:
    """Return the ancestors of a unit from its parent up; ends where a circle would close, were one stored."""
    found: list[int] = []
    above = parents.get(unit_id)
    while above is not None and above not in found:
        found.append(above)
        above = parents.get(above)
    return tuple(found)


def may_hang(unit_id: int, parent_id: int, parents: Mapping[int, int | None]) -> bool:
    """Tell whether a unit may become one of the parent: neither itself nor one of its own units, at any depth."""
    return unit_id != parent_id and unit_id not in ancestors(parent_id, parents)


def as_tree(nodes: Sequence[Node]) -> list[Placed]:
    """Return the units each below its parent, brothers in their given order.

    One whose parent is not among them stands at the top; so does the first of a circle, were one stored.
    """
    among = {node.id for node in nodes}
    below: dict[int | None, list[int]] = {}
    for node in nodes:
        below.setdefault(node.parent_id if node.parent_id in among else None, []).append(node.id)
    placed: dict[int, int] = {}
    _walk(below.get(None, ()), below, placed)
    for node in nodes:
        if node.id not in placed:
            _walk((node.id,), below, placed)
    return [Placed(unit_id, depth) for unit_id, depth in placed.items()]


def _walk(tops: Iterable[int], below: Mapping[int | None, list[int]], placed: dict[int, int]) -> None:
    waiting = [(unit_id, 0) for unit_id in reversed([*tops])]
    while waiting:
        unit_id, depth = waiting.pop()
        if unit_id not in placed:
            placed[unit_id] = depth
            waiting += [(child, depth + 1) for child in reversed(below.get(unit_id, []))]
