"""Fixtures of the fault tests: a service with one thing of every kind, at NOW, whose database can be put back."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from dispatch.database import db
from tests.builders import NOW, Builder
from tests.faults.stores import Store, watched
from tests.faults.world import World, make


@pytest.fixture(autouse=True)
def the_time() -> Iterator[time_machine.Traveller]:
    """Everything happens at NOW."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(app: Flask, build: Builder) -> World:
    """One thing of every kind and people of every role."""
    return make(app, build)


@pytest.fixture
def store(world: World) -> Iterator[Store]:
    """The database of the world, as it is now."""
    with watched(db.engine) as found:
        found.keep()
        found.written.clear()
        yield found
