"""Read the signed cookie without asking how old it is: that is the session row's to say.

Its signature holds a time. Two machines whose clocks differ by a second would otherwise sign out each other's readers
for that second, right after they came in.
"""

from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

TRACELESS = "/help-request"
"""Where this path begins, nothing is left in the browser: whoever looks at it next must not see who was here."""


class Cookies(SecureCookieSessionInterface):
    """Flask's sessions in signed cookies, of any age and also from a clock that is a little ahead."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie holds; nothing when nobody here signed it, None without a key to tell."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        try:
            return self.session_class(serializer.loads(request.cookies.get(self.get_cookie_name(app), "")))
        except BadSignature:
            return self.session_class()

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Renew no cookie beside a file: whoever keeps files for many readers must not keep the cookie of one."""
        return request.endpoint != "static" and super().should_set_cookie(app, session)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie, but on pages that leave nothing in the browser."""
        if not g.get("leaves_nothing"):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Install the reading of cookies, and the pages that set none and know nobody."""
    app.session_interface = Cookies()

    @app.before_request
    def _leave_nothing() -> None:
        if request.path == TRACELESS or request.path.startswith(f"{TRACELESS}/"):
            g.leaves_nothing = g.nobody = True
