"""The main pages of the service, each with who looks at it and what is done there first."""

from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page

from dispatch.domain.permissions import Role
from tests.browser.deeds import begin_app, enter_nobody, nothing, save_nameless, send_empty, upload


class Place(NamedTuple):
    """A page: who looks, its address with the names of `_subjects`, what is done there first, how it answers."""

    role: Role | None
    path: str
    act: Callable[[Page], None] = nothing
    status: int = 200


PLACES = {
    "start": Place(None, "/"),
    "login": Place(None, "/login"),
    "failed single sign-on": Place(None, "/login/sso/callback", status=410),
    "forgotten password": Place(None, "/reset"),
    "error": Place(None, "/nothing-is-here", status=404),
    "statement": Place(None, "/barrierefreiheit"),
    "languages": Place(None, "/languages"),
    "easy language": Place(None, "/leichte-sprache"),
    "report of a barrier with errors": Place(None, "/barrierefreiheit/feedback", enter_nobody),
    "correction of a translation": Place(None, "/languages/feedback"),
    "reports from readers": Place(Role.COORDINATOR, "/feedback"),
    "sheets to print": Place(None, "/print"),
    "mailbox": Place(None, "/mailbox"),
    "resident's request": Place(None, "/help-request"),
    "resident's request with errors": Place(None, "/help-request", send_empty),
    "state of a resident's request": Place(None, "/help-request/status"),
    "offer": Place(None, "/o/{offer}"),
    "appointment of a mediator": Place(None, "/a/{link}"),
    "handing back": Place(None, "/a/{link}/hand-back"),
    "request of an office without account": Place(None, "/r/{phoned}"),
    "agreeing without account": Place(None, "/r/{approving}"),
    "cancelling without account": Place(None, "/r/{phoned}/cancel"),
    "writing to the coordination": Place(None, "/r/{phoned}/message"),
    "taking a request down": Place(Role.COORDINATOR, "/requests/new"),
    "taking a request down with errors": Place(Role.COORDINATOR, "/requests/new", send_empty),
    "requests": Place(Role.REQUESTER, "/requests"),
    "new request": Place(Role.REQUESTER, "/requests/new"),
    "new request with errors": Place(Role.REQUESTER, "/requests/new", send_empty),
    "request": Place(Role.REQUESTER, "/requests/{own}"),
    "appointment of an office": Place(Role.REQUESTER, "/appointments/{appointment}"),
    "moving": Place(Role.REQUESTER, "/appointments/{appointment}/move"),
    "cancelling": Place(Role.REQUESTER, "/requests/{own}/cancel"),
    "offers": Place(Role.MEDIATOR, "/offers"),
    "appointments of a mediator": Place(Role.MEDIATOR, "/appointments"),
    "no connection": Place(Role.MEDIATOR, "/offline"),
    "account": Place(Role.MEDIATOR, "/account"),
    "second factors": Place(Role.OBSERVER, "/account/factors"),
    "new app for codes": Place(Role.OBSERVER, "/account/factors", begin_app),
    "tokens for programs": Place(Role.REQUESTER, "/account/tokens"),
    "description of the API": Place(None, "/api/v1/docs"),
    "board": Place(Role.COORDINATOR, "/board"),
    "calls": Place(Role.COORDINATOR, "/calls"),
    "week plan": Place(Role.COORDINATOR, "/mediators/{mediator}/week"),
    "week": Place(Role.COORDINATOR, "/appointments"),
    "request for staff": Place(Role.COORDINATOR, "/requests/{searching}"),
    "request of a resident for staff": Place(Role.COORDINATOR, "/requests/{resident}"),
    "candidates": Place(Role.COORDINATOR, "/requests/{searching}/candidates"),
    "mediators": Place(Role.COORDINATOR, "/mediators"),
    "mediator": Place(Role.COORDINATOR, "/mediators/{mediator}"),
    "edited mediator with errors": Place(Role.COORDINATOR, "/mediators/{mediator}/edit", save_nameless),
    "taking out of the search": Place(Role.COORDINATOR, "/mediators/{mediator}/rest"),
    "looking for somebody else": Place(Role.COORDINATOR, "/mediators/{mediator}/replace"),
    "becoming a mediator": Place(None, "/join"),
    "becoming a mediator with errors": Place(None, "/join", send_empty),
    "applications": Place(Role.COORDINATOR, "/applicants"),
    "application": Place(Role.COORDINATOR, "/applicants/2"),
    "step of an application": Place(Role.COORDINATOR, "/applicants/2/steps/certificate"),
    "declining an application": Place(Role.COORDINATOR, "/applicants/2/decline"),
    "own application": Place(None, "/join/{applicant}"),
    "own record": Place(None, "/m/{asked}"),
    "availability": Place(Role.COORDINATOR, "/mediators/{mediator}/availability"),
    "calendars of a mediator": Place(Role.COORDINATOR, "/mediators/{mediator}/calendar"),
    "own calendars": Place(None, "/m/{asked}/calendar"),
    "calendar of a unit": Place(Role.REQUESTER, "/organisations/{organisation}/calendar"),
    "import": Place(Role.COORDINATOR, "/mediators/import"),
    "preview of an import": Place(Role.COORDINATOR, "/mediators/import", upload),
    "organisations": Place(Role.COORDINATOR, "/organisations"),
    "need without a request": Place(Role.COORDINATOR, "/needs"),
    "help from outside": Place(Role.COORDINATOR, "/providers"),
    "provider": Place(Role.COORDINATOR, "/providers/1/edit"),
    "rules of intake": Place(Role.ADMINISTRATOR, "/intake-rules"),
    "organisation": Place(Role.COORDINATOR, "/organisations/{organisation}"),
    "unit for its members": Place(Role.REQUESTER, "/organisations/{organisation}"),
    "defaults of a unit": Place(Role.COORDINATOR, "/organisations/{organisation}/defaults"),
    "webhooks": Place(Role.COORDINATOR, "/webhooks"),
    "new webhook with errors": Place(Role.COORDINATOR, "/webhooks/new", enter_nobody),
    "webhook": Place(Role.COORDINATOR, "/webhooks/{webhook}"),
    "duty": Place(Role.COORDINATOR, "/duty"),
    "duty with errors": Place(Role.COORDINATOR, "/duty", enter_nobody),
    "handover": Place(Role.COORDINATOR, "/handover"),
    "users": Place(Role.ADMINISTRATOR, "/users"),
    "options": Place(Role.ADMINISTRATOR, "/options"),
    "fields of work": Place(Role.ADMINISTRATOR, "/options/settings"),
    "rounds": Place(Role.ADMINISTRATOR, "/options/waves"),
    "hours": Place(Role.ADMINISTRATOR, "/options/hours"),
    "types of documents": Place(Role.ADMINISTRATOR, "/options/document_types"),
    "a field of work": Place(Role.ADMINISTRATOR, "/options/setting.doctor"),
    "options to import": Place(Role.ADMINISTRATOR, "/options/import"),
    "new user": Place(Role.ADMINISTRATOR, "/users/new"),
}
