"""Write all options into a file and take them from one."""

from pathlib import Path

import click

from dispatch import clock
from dispatch.cli.context import commanding
from dispatch.domain.errors import Invalid, Stale
from dispatch.domain.permissions import SYSTEM
from dispatch.i18n import in_language
from dispatch.messages.option_sentences import option_sentence
from dispatch.services import option_files


def register(main: click.Group) -> None:
    """Add the group `options`."""
    main.add_command(options)


@click.group()
def options() -> None:
    """Write all options into a file and take them from one."""


@options.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export_command(file: Path) -> None:
    """Write all options in force into FILE, as JSON."""
    with commanding():
        content = option_files.export(SYSTEM)
    try:
        file.write_text(content, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written") from error


@options.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change and change nothing.")
def import_command(file: Path, *, dry_run: bool) -> None:
    """Take the options of FILE: all of them, or none if one does not hold. Prints the topics that change."""
    try:
        with file.open("rb") as stream:
            content = stream.read(option_files.MOST_BYTES + 1)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read") from error
    with commanding(), in_language("en"):
        now = clock.now()
        try:
            plan = option_files.look(SYSTEM, content, now)
            if not dry_run:
                option_files.take(SYSTEM, content, plan.newest, now)
        except Invalid as invalid:
            told = [f"{field}: {option_sentence(codes[0])}" for field, codes in invalid.errors.items()]
            raise click.ClickException("\n".join(told)) from invalid
        except Stale as stale:
            raise click.ClickException("somebody changed an option meanwhile; nothing was changed") from stale
        for one in plan.plans:
            for change in one.changes:
                click.echo(f"{one.topic.name}\t{change.name}\t{change.before}\t{change.after}")
