"""Nothing of a case leaks by any way: what each surface told of a request with a canary in every field."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.builders import Builder
from tests.cases.canary import CANARIES, build_cage, live
from tests.web.conftest import ClientFor

MEETING = {
    "address", "note", "contact", "contact_phone", "access_phone", "access_url", "organisation", "setting", "town",
}  # fmt: skip
CASE = MEETING | {"notes", "reference", "token"}
PROTECTED = CASE - {"address", "note"} | {"point"}
HER = {"surname", "phone"}
RECORD = HER | {"remark"}
UNIT = {"organisation", "town"}

OTHERS = {f"{role} others {when}": UNIT for role in ("office", "named", "unnamed", "regional_coordinator")
          for when in ("before", "after")} | {
    "administrator others before": UNIT | {"surname"}, "administrator others after": UNIT | {"surname"},
}  # fmt: skip
"""Pages that are not about the case: the list of units, the accounts."""

OPEN = OTHERS | {
    "link after": MEETING, "mediator pages after": MEETING,
    "mediator lists after": HER | {"address", "contact", "contact_phone", "organisation", "town"},
    "office lists before": UNIT, "office pages before": CASE - {"organisation"}, "office pages after": CASE,
    "named lists before": RECORD | UNIT, "named lists after": RECORD | UNIT,
    "named pages before": CASE | HER, "named pages after": CASE | HER,
    "unnamed lists before": RECORD | UNIT, "unnamed lists after": RECORD | UNIT,
    "unnamed pages before": CASE | HER, "unnamed pages after": CASE | HER,
    "regional_coordinator lists before": UNIT | {"surname"}, "regional_coordinator lists after": UNIT | {"surname"},
    "regional_coordinator pages before": CASE - {"notes", "reference"} | HER,
    "regional_coordinator pages after": CASE - {"notes", "reference"} | HER,
}  # fmt: skip

ALLOWED: dict[str, dict[str, set[str]]] = {
    "normal": OPEN | {
        "link before": {"surname", "town"}, "mail to mediator": {"surname", "town"}, "mail to others": {"town"},
        "mediator lists before": HER | {"town"}, "mediator pages before": {"surname", "town"},
        "office lists after": UNIT | {"setting"},
    },
    "sensitive": OPEN | {
        "link before": {"surname"}, "mail to mediator": {"surname"},
        "mediator lists before": HER, "mediator pages before": {"surname"}, "office lists after": UNIT,
    },
    "protected": OTHERS | {
        "link after": {"point"}, "mediator pages after": {"point"},
        "mediator lists before": HER, "mediator lists after": HER,
        "office lists before": {"organisation"}, "office lists after": {"organisation"},
        "office pages before": PROTECTED - UNIT, "office pages after": PROTECTED,
        "named lists before": RECORD, "named lists after": RECORD,
        "named pages before": PROTECTED - {"town"} | HER, "named pages after": PROTECTED | HER,
        "named others after": UNIT | {"caller", "caller_phone"},
        "unnamed lists before": RECORD, "unnamed lists after": RECORD,
    },
}  # fmt: skip
"""What each surface may tell; one that is not named tells nothing: subjects, calendars, the log, the commands, mails of
a protected case, strangers, observers. The caller of a protected case stands beside the call to be made.
"""


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One kind of database is enough to read pages."""
    path = tmp_path / "dispatch.sqlite"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.mark.parametrize("protection", ALLOWED)
def test_every_surface_tells_what_it_may_and_no_more(
    app: Flask, build: Builder, client_for: ClientFor, the_time: Any, tmp_path: Path,
    caplog: pytest.LogCaptureFixture, protection: str,
) -> None:  # fmt: skip
    caplog.set_level("INFO")
    cage = build_cage(app, build, client_for, protection)

    live(cage, the_time, tmp_path / "mailbox", caplog.records)

    assert cage.told() == ALLOWED[protection]
    assert {"subject", "mail to others", "calendar", "log", "command"} <= set(cage.read)


def test_a_leak_is_seen(
    app: Flask, build: Builder, client_for: ClientFor, the_time: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    cage = build_cage(app, build, client_for, "sensitive", dialect=CANARIES["address"])
    app.logger.info("request", extra={"event": {"note": CANARIES["notes"]}})

    live(cage, the_time, tmp_path / "mailbox", caplog.records)

    leaks = {surface for surface, names in cage.told().items() if names - ALLOWED["sensitive"].get(surface, set())}
    assert {"link before", "mail to mediator", "mail to others", "log", "named lists before"} <= leaks
