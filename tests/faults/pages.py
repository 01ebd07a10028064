"""Find the forms of the service on the pages where people find them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from flask import Flask

from tests.faults.markup import Form, Page
from tests.faults.world import World

PAGES = {
    "requester": ("/requests/new", "/requests/3", "/account/factors", "/account/factors/confirm"),
    "regional_coordinator": ("/account/factors", "/account/factors/new"),
    "coordinator": (
        "/board", "/calls",
        "/requests/2", "/requests/3", "/requests/3/edit", "/requests/3/cancel", "/requests/3/candidates",
        "/requests/3/candidates/3", "/requests/5", "/appointments/4/absent", "/appointments/3/late",
        "/appointments/3/move", "/mediators/new", "/mediators/1/edit", "/mediators/1/rest", "/mediators/2",
        "/mediators/1/availability", "/mediators/1/availability?as=list", "/mediators/1/calendar", "/mediators/import",
        "/organisations/1/calendar", "/mediators/import/preview",
        "/organisations/new", "/organisations/1/edit", "/organisations/1",
        "/organisations/1/defaults", "/requests", "/appointments", "/mediators", "/organisations",
        "/mediators/1/replace", "/duty", "/duty/1", "/requests/4", "/requests/9",
        "/requests/11", "/requests/13", "/requests/13/edit", "/needs", "/providers/new", "/providers/1/edit",
        "/webhooks/new", "/webhooks/1", "/webhooks/1/edit", "/webhooks/2", "/feedback",
        "/applicants/1", "/applicants/1/decline", "/applicants/1/steps/talk", "/applicants/1/steps/certificate",
    ),
    "administrator": (
        "/users", "/users/new", "/users/1", "/users/6", "/account", "/account/tokens", "/options/waves",
        "/options/service",
        "/options/document_types", "/options/fallback", "/options/import", "/intake-rules",
    ),
    "mediator": ("/offers/1",),
    "nobody": (
        "/login", "/login/factor", "/reset", "/barrierefreiheit/feedback?page=/login", "/languages/feedback",
        "/help-request", "/help-request/status", "/join",
    ),
}  # fmt: skip
"""Who finds forms where; the pages of mailed links come besides."""

SIGN_ON = frozenset({"single_sign_on.start", "single_sign_on.start_connecting", "single_sign_on.disconnect"})
WITHOUT_A_PAGE = SIGN_ON | {
    "drafts.save", "accounts.sign_in_demo", "request_acts.delete", "single_sign_on.finish",
}  # fmt: skip
"""What scripts post, what only a demonstration or a provider of sign-in brings, and what has no fields at all."""


@dataclass(frozen=True)
class Found:
    """A form, and who found it where."""

    role: str
    path: str
    form: Form
    endpoint: str


def forms(world: World, method: str = "post") -> Iterator[Found]:
    """Return every form of the pages, each kind of it once: by endpoint, page and fields."""
    known = set()
    for role, path in [
        *((r, p) for r, every in PAGES.items() for p in every),
        *(("nobody", p) for p in (*world.links, *world.behind_links)),
    ]:
        for form in Page(world.browser(role).get(path).text).forms:
            endpoint = endpoint_of(world.app, form, path)
            kind = endpoint, frozenset(form.fields), "" if method == "post" else path
            if form.method == method and form.buttons and kind not in known:
                known.add(kind)
                yield Found(role, path, form, endpoint)


def endpoint_of(app: Flask, form: Form, path: str) -> str:
    """Return the endpoint to which a form leads."""
    target = urlsplit(urljoin(path, form.action)).path
    return str(app.url_map.bind("localhost").match(target, method=form.method.upper())[0])


def links_of(path: str, text: str) -> set[str]:
    """Return where the links of a page lead inside the service; of the filters only those that show another page."""
    targets = (
        urlsplit(urljoin(path, link.replace("&amp;", "&"))) for link in re.findall(r'<a [^>]*href="([^"]*)"', text)
    )
    return {
        target.path + (f"?{target.query}" if re.match(r"(again|case|as|when)=", target.query) else "")
        for target in targets
        if target.scheme in {"", "http"} and target.netloc in {"", "localhost"} and target.path.startswith("/")
    }
