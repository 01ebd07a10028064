"""Write one JSON line per request and event to standard output, without tokens, bodies, names or whole addresses."""

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

EVENT = "event"


class JsonLines(logging.Formatter):
    """One object per line; line breaks and control characters of a value stay inside its JSON string."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        entry = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, EVENT, {}),
        }
        if record.exc_info and record.exc_info[0]:
            entry["error"] = record.exc_info[0].__name__
            entry["trace"] = _places(record.exc_info[1])
        return json.dumps(entry, ensure_ascii=True, default=str)


def _places(error: BaseException | None) -> list[str]:
    """Return where an error and its causes were raised, innermost last; never what they say: that may hold data."""
    places: list[str] = []
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        places[:0] = [type(error).__name__, *(f"{each.filename}:{each.lineno} {each.name}" for each in frames)]
        if isinstance(error, BaseExceptionGroup):
            return [line for one in error.exceptions for line in _places(one)] + places
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return places


def init_app(app: Flask) -> None:
    """Log each request by its route, never by its path: paths hold tokens."""

    @app.before_request
    def _begin() -> None:
        g.began_at = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        if request.endpoint not in {"static", "health.healthz"}:
            facts = {
                "request_id": g.get("request_id", ""),
                "method": request.method,
                "route": request.url_rule.rule if request.url_rule else "-",
                "status": response.status_code,
                "ms": round((time.perf_counter() - g.get("began_at", time.perf_counter())) * 1000),
            }
            app.logger.info("request", extra={EVENT: facts})
        return response


def of_the_server() -> dict[str, Any]:
    """Return the logging of the server in front of the pages: the same JSON lines."""
    lines = {"()": JsonLines}
    return {"formatters": {"generic": lines, "access": lines}}


def to_stdout(level: str) -> None:
    """Send every log of this process to standard output as JSON lines."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
