"""The commands of `dispatch`: click only, one file per group; each calls one service or one function of `ops`."""

from importlib import import_module

import click
from flask import Flask

GROUPS: tuple[str, ...] = ()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run and look after a Gemeindedolmetscherdienst."""


def application(*, busy_seconds: int = 30) -> Flask:
    """Make the application for a command: it waits longer for a lock than a page may."""
    from config import Config
    from dispatch import create_app

    config = Config()
    config.SQLITE_BUSY_SECONDS = busy_seconds
    return create_app(config)


for _group in GROUPS:
    import_module(f"dispatch.cli.{_group}").register(main)
