"""Keep what every application of a test process would compile anew though it comes out the same.

Each test has an application, an engine and connections of its own. What they share is compiled text only: the
rules of the addresses, the templates, and the statements of each kind of database.
"""

from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from werkzeug.routing import Rule

_rules: dict[tuple[Any, ...], dict[str, Any]] = {}
_dialects: dict[tuple[str, str], tuple[Dialect, dict[Any, Any]]] = {}


class _CompiledRule(Rule):
    """A rule that is compiled once: its parts, converters and functions depend on nothing but its own text."""

    def compile(self) -> None:
        """Compile the rule, or take over what came of the same one."""
        defaults = tuple(sorted((self.defaults or {}).items()))
        key = (self.rule, self.subdomain, self.host, self.merge_slashes, defaults)
        if key not in _rules:
            super().compile()
            known = {"_parts": self._parts, "_trace": self._trace, "_converters": self._converters}
            functions = {"_build": self._build.__func__, "_build_unknown": self._build_unknown.__func__}  # type: ignore[attr-defined]
            _rules[key] = {**known, "arguments": set(self.arguments), "functions": functions}
            return
        kept = _rules[key]
        self._parts, self._trace, self._converters = kept["_parts"], kept["_trace"], kept["_converters"]
        self.arguments.update(kept["arguments"])
        for name, function in kept["functions"].items():
            setattr(self, name, function.__get__(self, None))


class _CompiledTemplates(BytecodeCache):
    """The templates as they were compiled, for as long as their sources stay the same."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand over the code of this very source, if there is one."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


_templates = _CompiledTemplates()


def reuse_rules() -> None:
    """Let every application of this process find the functions of its rules compiled."""
    Flask.url_rule_class = _CompiledRule


def reuse_templates(app: Flask) -> None:
    """Let an application find its templates compiled."""
    app.jinja_env.bytecode_cache = _templates


def reuse_statements(engine: Engine) -> None:
    """Let a new engine find its statements compiled, as they are in a service that has been running for a while."""
    kind = (engine.dialect.name, engine.dialect.driver)
    if kind not in _dialects:
        engine.connect().close()  # the first connection tells a dialect which version it has before it
        _dialects[kind] = engine.dialect, {}
    dialect, statements = _dialects[kind]
    engine.dialect = dialect
    engine.pool._dialect = dialect
    engine.update_execution_options(compiled_cache=statements)
