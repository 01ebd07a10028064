"""Load invented people to try the service with."""

from datetime import datetime, time

import click

from dispatch import clock
from dispatch.cli.context import commanding
from dispatch.domain.intervals import resolve
from dispatch.services import demo as demonstration
from dispatch.services import local_time

TEN_O_CLOCK = time(10)
FIVE_MINUTES = 5


def register(main: click.Group) -> None:
    """Add the group `demo`."""
    main.add_command(demo)


@click.group()
def demo() -> None:
    """Try the service with invented people."""


@demo.command()
@click.option("--mediators", default=80, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--requests", default=600, show_default=True, type=click.IntRange(0, 50_000_000))
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same people.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The day that counts as today, at ten o'clock.")
def load(mediators: int, requests: int, seed: int, until: datetime | None) -> None:
    """Fill an empty database, or one with demo data, with invented people in real municipalities.

    Names, languages and weights are made up; nobody who bears one of the names is meant.
    """
    with commanding():
        now = _now() if until is None else resolve(datetime.combine(until, TEN_O_CLOCK), local_time.zone())
        size = demonstration.Size(mediators, requests)
        with click.progressbar(length=mediators + requests, label="Demo data") as bar:
            try:
                demonstration.load(size, seed, now, progress=bar.update)
            except demonstration.RealDatabase:
                raise click.ClickException("this database holds real people; demo data needs an empty one.") from None


def _now() -> datetime:
    now = clock.now()
    return now.replace(minute=now.minute - now.minute % FIVE_MINUTES, second=0)
