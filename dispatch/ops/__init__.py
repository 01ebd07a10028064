"""Operation: health, deployment checks, logs."""

from flask import Flask

from dispatch.ops import health, logs


def init_app(app: Flask) -> None:
    """Install what operation needs into the application."""
    app.register_blueprint(health.bp)
    logs.init_app(app)
