"""400 districts in one PostgreSQL, in parts by district, beside one district alone and one table of all.

`python -m bench.districts` prints ratios and writes `results/districts.json`. It proves, with the guard on and off,
that concurrent clients book nobody twice, that no message is claimed twice, and that a statement touches one part.
"""

import argparse
import json
import platform
import re
import statistics
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, text

from bench import district_tables
from bench.district_load import KINDS, Client, Form, Times, at_once, in_turns, statements
from bench.district_rows import Size, fill
from bench.district_tables import PARTS
from dispatch.models.constraints import LIVE_SQL
from tests import postgres

DRAINED = 50
"""So many districts are emptied of waiting messages by all clients at once."""
RESULTS = Path(__file__).parent / "results" / "districts.json"


def main() -> int:
    """Measure, report, return 1 where anything was booked or claimed twice or a statement touched several parts."""
    arguments = _arguments()
    size = Size(arguments.districts, 200, arguments.appointments)
    with postgres.server() as url:
        report = _measure(url, size, arguments.clients, arguments.seconds, arguments.rounds)
    _print(report)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=2) + "\n")
    proofs = report["proofs"]
    held = proofs["overlaps"] == proofs["claimed_twice"] == 0 < proofs["overlaps_without_guard"]
    return int(not held or any(parts != 1 for parts in report["parts_touched"].values()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--districts", type=int, default=400)
    parser.add_argument("--appointments", type=int, default=500, help="of each district")
    parser.add_argument("--clients", type=int, default=4, help="processes at work at once")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each turn")
    parser.add_argument("--rounds", type=int, default=2)
    return parser.parse_args()


def _measure(url: str, size: Size, clients: int, seconds: float, rounds: int) -> dict[str, Any]:
    engine = create_engine(url)
    forms = {
        "one": Form("one", keyed=False, districts=1),
        "whole": Form("whole", keyed=True, districts=size.districts),
        "parts": Form("parts", keyed=True, districts=size.districts, replans=True),
        "parts prepared": Form("parts", keyed=True, districts=size.districts),
    }
    rows = {name: _make(engine, forms[name], size) for name in ("one", "whole", "parts")}
    engine.dispose()  # no connection must be carried into another process
    alone: dict[str, Times] = in_turns(url, forms, size, seconds * rounds * len(forms))
    speed: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name, form in forms.items():
            speed[name].append(at_once(url, form, size, clients, seconds))
    print("measured", file=sys.stderr)
    return {
        "machine": f"{platform.machine()}, Python {platform.python_version()}, PostgreSQL {_version(url)}",
        "size": {**vars(size), "rows": rows, "parts": PARTS, "clients": clients},
        "quick_ms": {name: {kind: _ms(alone[name][kind]) for kind in KINDS} for name in forms},
        "ratio": {
            f"{name} to {other}": _ratios(alone[name], alone[other])
            for name in ("parts", "parts prepared")
            for other in ("one", "whole")
        },
        "statements_per_second": {name: round(statistics.median(values)) for name, values in speed.items()},
        "parts_touched": _parts_touched(url, forms["parts"]),
        "link_without_district": _without_district(url, forms["parts"]),
        "proofs": _prove(url, forms["parts"], size, clients),
    }


def _make(engine: Engine, form: Form, size: Size) -> dict[str, float]:
    """Make and fill one form of the tables; return its rows and the seconds that took."""
    parts = PARTS if form.schema == "parts" else 0
    begin = perf_counter()
    with engine.begin() as connection:
        if form.keyed:
            district_tables.of_many(connection, form.schema, parts=parts)
        else:
            district_tables.of_one(connection, form.schema)
        rows = fill(connection, size, keyed=form.keyed)
        connection.execute(text("ANALYZE"))
        if form.keyed:
            district_tables.tie(connection, parts=parts)
    print(f"{form.schema}: {rows} rows in {perf_counter() - begin:.0f} s", file=sys.stderr)
    return {"rows": rows, "seconds": round(perf_counter() - begin, 1)}


def _parts_touched(url: str, form: Form) -> dict[str, int]:
    """Return the most parts of one table that the plan of a statement names."""
    about = {
        "d": 7, "code": "l1", "token": "x", "worker": "w", "id": 1, "request": 1, "mediator": 1, "number": 1,
        "appointment": 1, "begins": "2026-11-02 08:00+00",
    }  # fmt: skip
    touched = {}
    with psycopg.connect(url, options=form.options) as connection:
        for name, words in statements(form).items():
            if words.startswith("INSERT"):
                continue
            plan = connection.execute(f"EXPLAIN (FORMAT JSON) {words}", about).fetchone()
            found = set(re.findall(r'"Relation Name": "(\w+)_p(\d+)"', json.dumps(plan[0] if plan else None)))
            by_table: dict[str, set[str]] = defaultdict(set)
            for table, part in found:
                by_table[table].add(part)
            touched[name] = max(len(parts) for parts in by_table.values())
    return touched


def _without_district(url: str, form: Form, turns: int = 300) -> float:
    """Return how much dearer a link is to find when nobody knows its district, as a multiple."""
    known = statements(form)["link"]
    unknown = statements(Form(form.schema, keyed=False, districts=1))["link"]
    times: dict[str, list[float]] = {known: [], unknown: []}
    with psycopg.connect(url, options=form.options) as connection:
        for turn in range(turns):
            for words, taken in times.items():
                begin = perf_counter()
                connection.execute(words, {"d": turn % form.districts + 1, "token": f"{turn:032x}"}).fetchall()
                taken.append(perf_counter() - begin)
    return round(_quick(times[unknown]) / _quick(times[known]), 1)


def _prove(url: str, form: Form, size: Size, clients: int) -> dict[str, int]:
    """Let clients fight for one hour of one person in every district, with and without the guard; then for messages."""
    with ProcessPoolExecutor(clients, mp_context=get_context("fork")) as pool:
        drained = [each for found in pool.map(partial(_drain, url, form, size), range(clients)) for each in found]
        won = sum(pool.map(partial(_fight, url, form, size, "2026-12-24 08:{:02}+00"), range(clients)))
        overlaps = _overlaps(url, form)
        with create_engine(url).begin() as connection:
            connection.execute(text(f"SET search_path TO {form.schema}"))
            district_tables.drop_guard(connection, parts=PARTS)
        won_without = sum(pool.map(partial(_fight, url, form, size, "2026-12-25 08:{:02}+00"), range(clients)))
    return {
        "claimed": len(drained),
        "claimed_twice": len(drained) - len(set(drained)),
        "fights": size.districts,
        "won": won,
        "overlaps": overlaps,
        "won_without_guard": won_without,
        "overlaps_without_guard": _overlaps(url, form),
    }


def _drain(url: str, form: Form, size: Size, seed: int) -> list[tuple[int, int]]:
    client = Client(url, form, size, seed)
    found = client.drain(min(size.districts, DRAINED))
    client.close()
    return found


def _fight(url: str, form: Form, size: Size, begins: str, seed: int) -> int:
    """Try to book person 1 of every district at about the same hour; return how often that went well."""
    client = Client(url, form, size, seed)
    request, at = size.appointments + 1 + seed, begins.format(seed * 10)
    won = sum(
        client.book({"d": district, "request": request, "mediator": 1, "begins": at})
        for district in range(1, size.districts + 1)
    )
    client.close()
    return won


def _overlaps(url: str, form: Form) -> int:
    with psycopg.connect(url, options=form.options) as connection:
        found = connection.execute(
            "SELECT count(*) FROM appointments a JOIN appointments b ON a.district_id = b.district_id "
            "AND a.mediator_id = b.mediator_id AND a.id < b.id AND a.starts_at < b.ends_at AND a.ends_at > b.starts_at "
            f"WHERE a.state IN {LIVE_SQL} AND b.state IN {LIVE_SQL}"
        ).fetchone()
    return int(found[0]) if found else 0


def _version(url: str) -> str:
    with psycopg.connect(url) as connection:
        return f"{connection.info.server_version // 10000}"


def _quick(values: list[float]) -> float:
    """Return the time that a quarter of the turns stayed under: others at work on the machine hit it least."""
    return statistics.quantiles(values, n=4)[0]


def _ms(values: list[float]) -> float:
    return round(_quick(values) * 1000, 3)


def _ratios(these: Times, others: Times) -> dict[str, float]:
    return {kind: round(_quick(these[kind]) / _quick(others[kind]), 2) for kind in KINDS}


def _print(report: dict[str, Any]) -> None:
    columns = {f"{name} ms": of for name, of in report["quick_ms"].items()} | report["ratio"]
    for name, of in columns.items():
        print(f"{name}: " + ", ".join(f"{kind} {of[kind]}" for kind in KINDS))
    for name in ("statements_per_second", "parts_touched", "link_without_district", "proofs"):
        print(name, report[name])


if __name__ == "__main__":
    sys.exit(main())
