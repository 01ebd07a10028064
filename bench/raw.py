"""The yardstick: the least a Flask page with a 50-row table from a database can cost. Never uses the service."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from flask import Flask, render_template_string

PEOPLE = 5_000
ROWS = 50

_LANGUAGES = ("ar", "prs", "ps", "kmr", "ckb", "ti", "uk", "ru", "tr", "vi")
_TOWNS = ("Coswig", "Großenhain", "Meißen", "Nossen", "Radebeul", "Riesa")

_PAGE = """<!doctype html>
<html lang="de" dir="ltr"><head><meta charset="utf-8"><title>Pool</title></head><body><main><h1>Pool</h1>
<table><thead><tr><th>Name</th><th>Language</th><th>Level</th><th>Town</th><th>Phone</th><th>Hours</th>
<th>State</th></tr></thead><tbody>
{% for row in rows %}<tr><td><a href="/people/{{ row[0] }}">{{ row[1] }}</a></td><td>{{ row[2] }}</td>
<td><span class="badge badge-level">{{ row[3] }}</span></td><td>{{ row[4] }}</td><td>{{ row[5] }}</td>
<td>{{ row[6] }}</td><td><span class="badge badge-state">{{ "active" if row[7] else "paused" }}</span></td></tr>
{% endfor %}</tbody></table></main></body></html>"""


def page(folder: Path) -> Callable[[], bytes]:
    """Fill a database in `folder` and return one request to the page as a function."""
    connection = sqlite3.connect(folder / "raw.sqlite")
    connection.execute(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, language TEXT, level TEXT, town TEXT, phone TEXT,"
        " hours INTEGER, active INTEGER)"
    )
    connection.execute("CREATE INDEX people_language ON people (language, name)")
    connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (_person(n) for n in range(PEOPLE)))
    connection.commit()
    app = Flask(__name__)

    @app.get("/people")
    def people() -> str:
        rows = connection.execute(
            "SELECT * FROM people WHERE language = ? ORDER BY name LIMIT ?", ("prs", ROWS)
        ).fetchall()
        return render_template_string(_PAGE, rows=rows)

    client = app.test_client()
    return lambda: client.get("/people").data


def _person(number: int) -> tuple[int, str, str, str, str, str, int, int]:
    language = _LANGUAGES[number % len(_LANGUAGES)]
    town = _TOWNS[number % len(_TOWNS)]
    phone = f"+49 3521 {number:06d}"
    return (number, f"Person {number * 7919 % PEOPLE:05d}", language, "C1", town, phone, number % 20, number % 9)
