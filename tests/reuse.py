"""Keep what every test of a process would make or compile anew though it comes out the same.

Each test has a database, an engine and connections of its own. What they share is compiled text (the rules of the
addresses, the templates, the statements of each kind of database) and the wired application, put back before each
test to what `create_app` left: its settings, extensions and attributes. One to which a test has added a page, a hook
or a word of the templates is not used again.
"""

import gc
from types import CodeType
from typing import Any

from flask import Config, Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from werkzeug.routing import Rule

from config import TestConfig
from dispatch import create_app, database

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


class _Wired:
    """An application as it was wired, and what it takes to put it back."""

    def __init__(self, config: TestConfig) -> None:
        self.app = create_app(config)
        self.app.jinja_env.bytecode_cache = _templates
        self._wiring = self._look()
        self._attributes = dict(vars(self.app))
        self._settings = dict(self.app.config)
        self._extensions = {name: _copied(value) for name, value in self.app.extensions.items()}

    def is_as_wired(self) -> bool:
        """Tell whether no test has added to it or taken from it."""
        return self._look() == self._wiring

    def put_back(self, config: TestConfig) -> None:
        """Take back what tests have set, and bind the application to the database of `config`."""
        vars(self.app).clear()
        vars(self.app).update(self._attributes)
        settings: Config = self.app.config
        settings.clear()
        settings.update(self._settings)
        settings.pop("SQLALCHEMY_ENGINE_OPTIONS", None)  # those of the other kind of database
        settings.from_object(config)
        self.app.extensions = {name: _copied(value) for name, value in self._extensions.items()}
        self._bind()

    def _bind(self) -> None:
        """Give the application another engine; only its hooks of the database come again, so they go first."""
        del self.app.extensions["sqlalchemy"]
        hooks: tuple[list[Any], ...] = (self.app.teardown_appcontext_funcs, self.app.shell_context_processors)
        kept = [[*functions] for functions in hooks]
        database.init_app(self.app)
        for functions, before in zip(hooks, kept, strict=True):
            functions[:] = before

    def _look(self) -> list[Any]:
        """Return what pages, hooks and templates there are; the application itself keeps all of it alive."""
        app, environment = self.app, self.app.jinja_env
        tables: tuple[Any, ...] = (
            app.view_functions, app.blueprints, app.url_map.converters, environment.globals, environment.filters,
            environment.tests,
        )  # fmt: skip
        hooks: tuple[Any, ...] = (
            app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs,
            app.template_context_processors, app.url_value_preprocessors, app.url_default_functions,
        )  # fmt: skip
        handlers = [
            (place, status, kind, id(function))
            for place, statuses in app.error_handler_spec.items()
            for status, kinds in statuses.items()
            for kind, function in kinds.items()
        ]
        lists = (app.teardown_appcontext_funcs, app.shell_context_processors, app.url_build_error_handlers)
        return [
            *([(name, id(value)) for name, value in table.items()] for table in tables),
            *([(name, *map(id, functions)) for name, functions in table.items() if functions] for table in hooks),
            handlers,
            *([id(function) for function in functions] for functions in lists),
            sum(1 for _rule in app.url_map.iter_rules()),
        ]


def _copied(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else value


_wired: list[_Wired] = []


def application(config: TestConfig) -> Flask:
    """Return an application on the database of `config`, wired as `create_app` does it."""
    if _wired and not _wired[0].is_as_wired():
        _wired.clear()
    if _wired:
        _wired[0].put_back(config)
    else:
        _wired.append(_Wired(config))
    return _wired[0].app


def collect_seldom() -> None:
    """Let the collector look at what tests leave behind, and seldom: by itself it took a quarter of their time.

    What is there by now stays until the end, so it is never looked at.
    """
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)
    gc.enable()


def reuse_rules() -> None:
    """Let every application of this process find the functions of its rules compiled."""
    Flask.url_rule_class = _CompiledRule


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
