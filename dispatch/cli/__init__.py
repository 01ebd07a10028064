"""The commands of `dispatch`: click only, one file per group; each calls one service or one function of `ops`."""

from importlib import import_module

import click

GROUPS: tuple[str, ...] = (
    "check",
    "db",
    "demo",
    "jobs",
    "leaflets",
    "options",
    "outbox",
    "pool",
    "retention",
    "serve",
    "token",
    "user",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run and look after a Gemeindedolmetscherdienst."""


for _group in GROUPS:
    import_module(f"dispatch.cli.{_group}").register(main)
