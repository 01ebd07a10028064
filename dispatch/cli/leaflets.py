"""Write the sheets to be printed into a folder."""

import json
from pathlib import Path

import click

from dispatch.cli.context import commanding
from dispatch.i18n import LOCALES
from dispatch.outgoing import leaflets as printing

TAGS = [locale.tag for locale in LOCALES]


def register(main: click.Group) -> None:
    """Add the command `leaflets`."""
    main.add_command(leaflets)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--language", "tags", multiple=True, type=click.Choice(TAGS), help="Only these; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def leaflets(folder: Path, tags: tuple[str, ...], *, as_json: bool) -> None:
    """Write leaflets, pocket cards and posters as PDF into DIR, which is made if need be.

    The address in their codes is BASE_URL, name and telephone those of the options. Prints each file and its bytes.
    """
    with commanding():
        desk = printing.desk()
        written = [(sheet, printing.pdf(sheet, desk)) for sheet in printing.sheets(tags)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for sheet, content in written:
            (folder / sheet.name).write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from error
    if as_json:
        rows = [
            {"file": sheet.name, "kind": sheet.kind.value, "language": sheet.locale.tag, "bytes": len(content)}
            for sheet, content in written
        ]
        click.echo(json.dumps(rows))
        return
    for sheet, content in written:
        click.echo(f"{folder / sheet.name}\t{len(content)}")
