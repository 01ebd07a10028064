"""Read the configuration from the environment; it holds values and nothing that acts."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Config:
    """The settings of one installation, as `contract` names them; Flask reads the upper-case attributes.

    `environ` is `os.environ` outside tests. An empty value counts as absent.
    """

    TESTING = False
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_NAME = "session"
    SESSION_COOKIE_SECURE = False
    PERMANENT_SESSION_LIFETIME = timedelta(days=7)
    MAX_CONTENT_LENGTH = 4 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE = 500_000
    MAX_FORM_PARTS = 1_000
    WTF_CSRF_TIME_LIMIT = None
    WTF_CSRF_SSL_STRICT = False
    SQLITE_BUSY_SECONDS = 5
    ARGON2_CHEAP = False
    NETWORK = None
    """How foreign hosts are reached: None is the network itself under all rules; only tests hand in another."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        env = {key: value for key, value in (os.environ if environ is None else environ).items() if value}
        self.DATABASE_URL = env.get("DATABASE_URL", f"sqlite:///{INSTANCE / 'dispatch.sqlite'}")
        self.SQLALCHEMY_DATABASE_URI = self.DATABASE_URL
        self.SECRET_KEY = env.get("SECRET_KEY", "")
        self.BASE_URL = env.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        self.MAIL_URL = env.get("MAIL_URL", f"file:{INSTANCE / 'mailbox'}")
        self.MAIL_FROM = env.get("MAIL_FROM", "dolmetscherdienst@localhost")
        self.LOG_LEVEL = env.get("LOG_LEVEL", "INFO").upper()
        self.TRUSTED_PROXIES = int(env.get("TRUSTED_PROXIES", "0"))
        self.TIME_ZONE = env.get("TIME_ZONE", "Europe/Berlin")
        self.DEMO = env.get("DISPATCH_DEMO") == "1"
        self.OIDC_ISSUER = env.get("OIDC_ISSUER", "")
        self.OIDC_CLIENT_ID = env.get("OIDC_CLIENT_ID", "")
        self.OIDC_CLIENT_SECRET = env.get("OIDC_CLIENT_SECRET", "")
        self.OIDC_NAME = env.get("OIDC_NAME", "")
        self.OIDC_SCOPES = env.get("OIDC_SCOPES", "openid email profile")
        self.OIDC_GROUPS_CLAIM = env.get("OIDC_GROUPS_CLAIM", "groups")
        self.OIDC_ROLES = env.get("OIDC_ROLES", "")
        self._derive_from_base_url()

    def _derive_from_base_url(self) -> None:
        host = urlsplit(self.BASE_URL).hostname or "127.0.0.1"
        self.IS_LOOPBACK = self.is_loopback()
        self.TRUSTED_HOSTS = [host, "localhost", "127.0.0.1"] if self.is_loopback() else [host]
        if self.BASE_URL.startswith("https://"):
            self.SESSION_COOKIE_NAME = "__Host-session"
            self.SESSION_COOKIE_SECURE = True
            self.PREFERRED_URL_SCHEME = "https"

    def is_loopback(self) -> bool:
        """Tell whether the installation is reached on this machine only."""
        return (urlsplit(self.BASE_URL).hostname or "") in LOOPBACK


class TestConfig(Config):
    """The configuration of tests: a database that the test names, cheap password hashes, no CSRF exemptions."""

    __test__ = False
    TESTING = True
    ARGON2_CHEAP = True

    def __init__(self, database_url: str, **values: object) -> None:
        super().__init__(
            {
                "DATABASE_URL": database_url,
                "SECRET_KEY": "a key of the tests, long enough and of no worth: 0123456789",
            }
        )
        for name, value in values.items():
            setattr(self, name, value)
