"""The tree of units: no circle, any depth, each one listed below its parent."""

import pytest

from dispatch.domain.units import Node, Placed, ancestors, as_tree, may_hang

PARENTS = {1: None, 2: 1, 3: 2, 4: 2, 5: None, 6: 5}
CIRCLE = {7: 9, 8: 7, 9: 8}


@pytest.mark.parametrize(
    ("unit_id", "parent_id", "allowed"),
    [
        pytest.param(6, 3, True, id="below a unit of another tree"),
        pytest.param(5, 3, True, id="a whole tree below a deep unit"),
        pytest.param(3, 4, True, id="below its brother"),
        pytest.param(3, 1, True, id="up to its grandparent"),
        pytest.param(3, 2, True, id="where it is"),
        pytest.param(2, 2, False, id="below itself"),
        pytest.param(2, 3, False, id="below its unit"),
        pytest.param(1, 4, False, id="below a unit of its unit"),
        pytest.param(99, 3, True, id="a new one"),
        pytest.param(7, 8, False, id="inside a circle"),
        pytest.param(1, 8, True, id="a circle ends"),
    ],
)
def test_nobody_is_their_own_ancestor(unit_id: int, parent_id: int, allowed: bool) -> None:
    assert may_hang(unit_id, parent_id, PARENTS | CIRCLE) is allowed


def test_ancestors_go_from_the_parent_up_and_a_circle_ends() -> None:
    assert ancestors(3, PARENTS) == (2, 1)
    assert ancestors(7, CIRCLE) == (9, 8, 7)


@pytest.mark.parametrize(
    ("nodes", "placed"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(
            [Node(4, 2), Node(5, None), Node(2, 1), Node(3, 2), Node(1, None)],
            [(5, 0), (1, 0), (2, 1), (4, 2), (3, 2)],
            id="below their parents, in the order given",
        ),
        pytest.param([Node(3, 2), Node(1, None)], [(3, 0), (1, 0)], id="a parent that is not shown"),
        pytest.param([Node(7, 9), Node(8, 7), Node(9, 8)], [(7, 0), (8, 1), (9, 2)], id="a circle is shown once"),
    ],
)
def test_a_list_shows_each_below_its_parent(nodes: list[Node], placed: list[tuple[int, int]]) -> None:
    assert as_tree(nodes) == [Placed(*one) for one in placed]


def test_a_tree_may_be_as_deep_as_it_likes() -> None:
    nodes = [Node(number, number - 1 or None) for number in range(1, 5001)]

    assert as_tree(nodes)[-1] == Placed(5000, 4999)
