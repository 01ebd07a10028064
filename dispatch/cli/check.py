"""Check the configuration and the guards of an installation."""

import json
import sys

import click

from dispatch.cli.context import application
from dispatch.ops import checks, legal_checks, sign_on_checks


def register(main: click.Group) -> None:
    """Add the command `check`."""
    main.add_command(check)


@click.command()
@click.option("--deploy", is_flag=True, help="Also what must hold before the service is reached from outside.")
@click.option("--json", "as_json", is_flag=True, help="Print the failures as JSON.")
def check(deploy: bool, as_json: bool) -> None:
    """Check configuration and guards; exit 1 with a list of what does not hold."""
    app = application()
    with app.app_context():
        failures = checks.failures(app, deploy=deploy)
        failures = failures or sign_on_checks.missing(app)
        if deploy:
            failures += legal_checks.missing(app)
    if as_json:
        click.echo(json.dumps({"failures": failures}))
    elif failures:
        click.echo("\n".join(failures), err=True)
    else:
        click.echo("Everything holds.")
    sys.exit(1 if failures else 0)
