"""Say of an address whether it is a page of ours, and write it so that it may be kept.

What stands in the place of a text may be the secret of a mailed link: an address is cut before it.
"""

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule


def page_of(path: str) -> str | None:
    """Return a path of our own as it may be kept, without question marks and secrets; None for any other text."""
    wanted = path.partition("?")[0].partition("#")[0]
    try:
        rule, values = current_app.url_map.bind("localhost").match(wanted, method="GET", return_rule=True)
    except HTTPException:
        return None
    return _without_secrets(rule, wanted, values)


def this_page() -> str | None:
    """Return the path of the page that is being shown, None where there is none to come back to."""
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()):
        return None
    return _without_secrets(rule, request.path, request.view_args or {})


def _without_secrets(rule: Rule, path: str, values: object) -> str:
    has_text = isinstance(values, dict) and any(isinstance(value, str) for value in values.values())
    return rule.rule.partition("<")[0] if has_text else path
