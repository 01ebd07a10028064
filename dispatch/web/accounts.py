"""Sign in and out, set a password, look after one's own account."""

from flask import Blueprint, render_template

from dispatch.web.guards import public

bp = Blueprint("accounts", __name__)


@bp.get("/login")
@public
def login() -> str:
    """Show the form for address and password."""
    return render_template("accounts/login.html")
