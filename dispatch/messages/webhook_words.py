"""Name the events programs are told of, what became of each, and what is wrong with an entered webhook."""

import re
from typing import Any

from dispatch.domain import webhooks
from dispatch.domain.lifecycle import AppointmentState, RequestState
from dispatch.i18n import LazyString
from dispatch.i18n import gettext as _t
from dispatch.i18n import lazy_gettext as _
from dispatch.i18n import lazy_pgettext as _p
from dispatch.messages.labels import label

NO_PUBLIC_HOST = _("This address does not lead to a public host. Please type the address of a program on the internet.")

WEBHOOK_FIELDS: dict[tuple[str, str], LazyString] = {
    ("url", "required"): _("Please type the address of the program."),
    ("url", "not_an_address"): _("Please type an address such as https://cases.example.org/hook."),
    ("url", "not_https"): _("Please type an address that begins with https://."),
    ("url", "has_sign_in"): _("Please leave user name and password out of the address."),
    ("url", "port_not_allowed"): _("Please type an address without a port: webhooks go to port 443 only."),
    ("url", "not_a_name"): _("Please type the name of the host and not its number."),
    ("url", "not_public"): NO_PUBLIC_HOST,
    ("url", "mixed_script"): _("This address mixes letters of several scripts. Please type it anew."),
    ("url", "host_not_allowed"): _(
        "Webhooks may not go to this host. Please ask the administration of the service: it enters hosts under "
        "“Options”, “Hosts of other programs”."
    ),
    ("url", "taken"): _("You have a webhook with this address already."),
    ("events", "required"): _("Please choose of what the program is to be told."),
    ("events", "unknown"): _("Please choose one of the entries of the list."),
    ("events", "repeated"): _("This stands there twice."),
    ("", "too_many"): _("You have as many webhooks as one account may have. Please remove one first."),
    ("", "paused"): _("This webhook is paused. Please let it go on first."),
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
    "no_such_host": _("The name of the host is not known."),
    "no_connection": _("The host cannot be reached."),
    "bad_certificate": _("The certificate of the host is not valid."),
    "too_slow": _("The host did not answer in time."),
    "bad_answer": _("The host did not answer as web servers do."),
    "not_public": NO_PUBLIC_HOST,
    "host_not_allowed": _("Webhooks may not go to this host any more."),
    "paused": _("The webhook was paused."),
    "user_disabled": _("The account was disabled."),
    "secret_lost": _("The secret cannot be read any more. Please renew it."),
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
        return _t("The program answered with status %(status)s.", status=found[1])
    return str(_TROUBLES.get(error) or _t("It could not be sent."))


def event_word(event: str) -> str:
    """Return the words of an event, or of all events of a kind."""
    known = _events().get(event)
    return str(known) if known else event


def event_choices() -> list[tuple[str, str]]:
    """Return what a webhook may ask for, each with its words."""
    return [(event, event_word(event)) for event in webhooks.WANTABLE]


def _events() -> dict[str, Any]:
    requests = {
        f"request.{state}": _t("Request: %(state)s", state=label(state))
        for state in RequestState
        if state is not RequestState.DRAFT
    }
    appointments = {
        f"appointment.{state}": _t("Appointment: %(state)s", state=label(state)) for state in AppointmentState
    }
    return {
        **requests,
        **appointments,
        webhooks.PING: _t("Test event"),
        webhooks.CHANGED: _t("Request: changed"),
        webhooks.MOVED: _t("Appointment: moved"),
        webhooks.ALL_OF_REQUESTS: _t("Everything about requests"),
        webhooks.ALL_OF_APPOINTMENTS: _t("Everything about appointments"),
    }
