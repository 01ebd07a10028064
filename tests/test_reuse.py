"""What one test does to the application that all tests share is gone when the next one gets it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from config import TestConfig
from dispatch.database import db
from tests import reuse


@pytest.fixture
def config(tmp_path: Path) -> TestConfig:
    return TestConfig(f"sqlite:///{tmp_path / 'empty.sqlite'}")


def test_settings_extensions_and_attributes_are_put_back(config: TestConfig) -> None:
    first = reuse.application(config)
    first.config["BASE_URL"] = "https://elsewhere.example"
    first.config["OF_A_TEST"] = True
    first.extensions["of a test"] = True
    first.extensions["errors_under"]["/x"] = None
    first.secret = "of a test"  # type: ignore[attr-defined]
    first.test_client().get("/healthz")

    second = reuse.application(config)

    assert second is first
    assert (second.config["BASE_URL"], "OF_A_TEST" in second.config) == (config.BASE_URL, False)
    assert ("of a test" in second.extensions, "/x" in second.extensions["errors_under"]) == (False, False)
    assert (hasattr(second, "secret"), second._got_first_request) == (False, False)


def test_one_that_has_another_page_hook_or_word_is_not_used_again(config: TestConfig) -> None:
    changes: tuple[Callable[[Flask], object], ...] = (
        lambda app: app.add_url_rule("/of-a-test", view_func=lambda: ""),
        lambda app: app.before_request(lambda: None),
        lambda app: app.register_error_handler(418, lambda error: ""),
        lambda app: app.jinja_env.globals.update(label=None),
    )

    for change in changes:
        first = reuse.application(config)
        change(first)

        assert reuse.application(config) is not first


def test_each_binding_brings_an_engine_of_its_own(tmp_path: Path) -> None:
    engines = []
    for name in ("one", "two"):
        app = reuse.application(TestConfig(f"sqlite:///{tmp_path / name}.sqlite"))
        with app.app_context():
            engines.append(db.engine)
        assert len(app.teardown_appcontext_funcs) == 1

    assert [Path(str(engine.url.database)).stem for engine in engines] == ["one", "two"]
