"""Name the events programs are told of, what became of each, and what is wrong with an entered webhook."""

import re
from typing import Any

from dispatch.domain import webhooks
from dispatch.domain.lifecycle import AppointmentState, RequestState
from dispatch.i18n import LazyString
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.i18n import lazy_pgettext as _p
from dispatch.messages.labels import label

NO_PUBLIC_HOST = _l(
    "This address does not lead to a public host. Please type the address of a program on the internet."
)

WEBHOOK_FIELDS: dict[tuple[str, str], LazyString] = {
    ("url", "required"): _l("Please type the address of the program."),
    ("url", "not_an_address"): _l("Please type an address such as https://cases.example.org/hook."),
    ("url", "not_https"): _l("Please type an address that begins with https://."),
    ("url", "has_sign_in"): _l("Please leave user name and password out of the address."),
    ("url", "port_not_allowed"): _l("Please type an address without a port: webhooks go to port 443 only."),
    ("url", "not_a_name"): _l("Please type the name of the host and not its number."),
    ("url", "not_public"): NO_PUBLIC_HOST,
    ("url", "mixed_script"): _l("This address mixes letters of several scripts. Please type it anew."),
    ("url", "host_not_allowed"): _l(
        "Webhooks may not go to this host. Please ask the administration of the service: it enters hosts under "
        "“Options”, “Hosts of other programs”."
    ),
    ("url", "taken"): _l("You have a webhook with this address already."),
    ("events", "required"): _l("Please choose of what the program is to be told."),
    ("events", "unknown"): _l("Please choose one of the entries of the list."),
    ("events", "repeated"): _l("This stands there twice."),
    ("", "too_many"): _l("You have as many webhooks as one account may have. Please remove one first."),
    ("", "paused"): _l("This webhook is paused. Please let it go on first."),
}

STATES: dict[str, LazyString] = {
    "queued": _p("delivery", "waits to be sent"),
    "sending": _p("delivery", "is being sent"),
    "retry": _p("delivery", "will be tried again"),
    "held": _p("delivery", "held back"),
    "sent": _p("delivery", "taken by the program"),
    "failed": _p("delivery", "given up"),
    "uncertain": _p("delivery", "uncertain"),
    "dropped": _p("delivery", "not sent"),
}

_TROUBLES: dict[str, LazyString] = {
    "no_such_host": _l("The name of the host is not known."),
    "no_connection": _l("The host cannot be reached."),
    "bad_certificate": _l("The certificate of the host is not valid."),
    "too_slow": _l("The host did not answer in time."),
    "bad_answer": _l("The host did not answer as web servers do."),
    "not_public": NO_PUBLIC_HOST,
    "host_not_allowed": _l("Webhooks may not go to this host any more."),
    "paused": _l("The webhook was paused."),
    "user_disabled": _l("The account was disabled."),
    "secret_lost": _l("The secret cannot be read any more. Please renew it."),
}
_STATUS = re.compile(r"HTTP ([0-9]{3})")


def state_word(state: str) -> str:
    """Return what became of a delivery."""
    return str(STATES[state])


def trouble_sentence(error: str | None) -> str | None:
    """Return why a delivery was not taken; None when nothing is known against it."""
    if not error:
        return None
    if found := _STATUS.fullmatch(error):
        return _("The program answered with status %(status)s.", status=found[1])
    return str(_TROUBLES.get(error) or _("It could not be sent."))


def event_word(event: str) -> str:
    """Return the words of an event, or of all events of a kind."""
    known = _events().get(event)
    return str(known) if known else event


def event_choices() -> list[tuple[str, str]]:
    """Return what a webhook may ask for, each with its words."""
    return [(event, event_word(event)) for event in webhooks.WANTABLE]


def _events() -> dict[str, Any]:
    requests = {
        f"request.{state}": _("Request: %(state)s", state=label(state))
        for state in RequestState
        if state is not RequestState.DRAFT
    }
    appointments = {
        f"appointment.{state}": _("Appointment: %(state)s", state=label(state)) for state in AppointmentState
    }
    return {
        **requests,
        **appointments,
        webhooks.PING: _("Test event"),
        webhooks.CHANGED: _("Request: changed"),
        webhooks.MOVED: _("Appointment: moved"),
        webhooks.ALL_OF_REQUESTS: _("Everything about requests"),
        webhooks.ALL_OF_APPOINTMENTS: _("Everything about appointments"),
    }
