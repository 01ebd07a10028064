"""Run every measure beside the yardstick, print a table, write `results/latest.json`; exit 1 over a limit."""

import json
import platform
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import lookups, raw, timing

RESULTS = Path(__file__).parent / "results" / "latest.json"
YARDSTICK = "REF raw"


def main() -> int:
    """Measure, report, and return the exit code."""
    measures = lookups.MEASURES
    with TemporaryDirectory() as folder:
        calls = {YARDSTICK: raw.page(Path(folder))} | {name: call for name, (call, _limit) in measures.items()}
        seconds = timing.medians(calls)
    unit = seconds[YARDSTICK]
    results = {
        name: {"ms": _ms(seconds[name]), "raw_ms": _ms(unit), "ratio": round(seconds[name] / unit, 2), "limit": limit}
        for name, (_call, limit) in measures.items()
    }
    print(f"{'measure':<24}{'ms':>9}{'x raw':>9}{'limit':>9}")
    print(f"{YARDSTICK:<24}{_ms(unit):>9}{1.0:>9}{'':>9}")
    for name, result in results.items():
        print(f"{name:<24}{result['ms']:>9}{result['ratio']:>9}{result['limit']:>9}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"python": platform.python_version(), "measures": results}, indent=2) + "\n")
    return int(any(result["ratio"] > result["limit"] for result in results.values()))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


if __name__ == "__main__":
    sys.exit(main())
