"""Run every measure beside its peer, print a table, write `results/latest.json`; exit 1 over a limit.

Words after the command choose among the programs, whose results then replace theirs: `python -m bench writers doubles`.
"""

import json
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import clients, doubles, pages, weight, world, writers
from bench.result import Result

RESULTS = Path(__file__).parent / "results" / "latest.json"
ROW = "{:<6}{:<34}{:>11}{:>11}  {:<16}{:>8}{:>9}  {}"

Program = Callable[[Path], list[Result]]


def main(names: list[str]) -> int:
    """Measure, report, and return the exit code."""
    unknown = [name for name in names if name not in PROGRAMS]
    if unknown:
        print(f"no such measure: {', '.join(unknown)}; there are {', '.join(PROGRAMS)}", file=sys.stderr)
        return 2
    found: list[Result] = []
    print(ROW.format("goal", "measure", "value", "beside", "of", "ratio", "limit", ""))
    for name in names or PROGRAMS:
        with TemporaryDirectory(prefix="dispatch-bench-") as folder:
            for result in PROGRAMS[name](Path(folder)):
                print(_row(result), flush=True)
                found.append(result)
    RESULTS.parent.mkdir(exist_ok=True)
    measures = json.loads(RESULTS.read_text())["measures"] if names and RESULTS.exists() else {}
    measures |= {result.measure: result.as_dict() for result in found}
    RESULTS.write_text(json.dumps({"python": platform.python_version(), "measures": measures}, indent=2) + "\n")
    return int(any(result.is_missed for result in found))


def _row(result: Result) -> str:
    limit = f"{'≥' if result.at_least else '≤'} {result.limit:g}"
    value, beside = f"{result.value:.2f} {result.unit}", f"{result.beside:.2f}"
    missed = "missed" if result.is_missed else ""
    return ROW.format(
        result.goal or "", result.measure, value, beside, result.peer, f"{result.ratio:.2f}", limit, missed
    )


def _with_people(measure: Callable[[Path, world.World, str], list[Result]]) -> Program:
    def run(folder: Path) -> list[Result]:
        url = f"sqlite:///{folder / 'bench.sqlite'}"
        here = world.make(url, folder)
        try:
            return measure(folder, here, url)
        finally:
            world.close(here)

    return run


PROGRAMS: dict[str, Program] = {
    "pages": _with_people(lambda folder, here, _url: pages.results(folder, here)),
    "clients": _with_people(clients.results),
    "writers": writers.results,
    "doubles": doubles.results,
    "weight": weight.results,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
