"""Operation: health, deployment checks, logs."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Install what operation needs into the application."""
