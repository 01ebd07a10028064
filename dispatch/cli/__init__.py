"""The commands of `dispatch`: click only, one file per group; each calls one service or one function of `ops`."""

from importlib import import_module

import click

from dispatch.cli.starting import uncollected

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


class Groups(click.Group):
    """The groups, each imported when it is called for: a web worker and a command need no other's imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all groups."""
        return list(GROUPS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one of them."""
        if cmd_name in GROUPS and cmd_name not in self.commands:
            with uncollected():
                import_module(f"dispatch.cli.{cmd_name}").register(self)
        return super().get_command(ctx, cmd_name)


@click.group(cls=Groups, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run and look after a Gemeindedolmetscherdienst."""
