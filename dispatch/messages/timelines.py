"""Say each step of a request's timeline in one plain sentence."""

from dispatch.domain.lifecycle import AppointmentState, CancelReason, UnfilledReason
from dispatch.i18n import LazyString, format_instant, ngettext
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.messages.labels import label
from dispatch.services.request_details import Step, StepKind

TAKEN_DOWN = {
    "phone": _l("The coordination took this request down by telephone."),
    "mail": _l("The coordination took this request over from an e-mail."),
    "in_person": _l("The coordination took this request down in person."),
}
"""How a request came that the coordination entered, by channel."""

_CHANNELS: dict[str, LazyString] = {"phone": _l("by phone"), "mail": _l("by e-mail"), "in_person": _l("in person")}


def step_sentence(step: Step) -> str:
    """Return what a step says; its instant stands beside it. What was recorded for somebody else says how."""
    said = _said(step)
    says_so_itself = step.kind is StepKind.SENT and bool(step.code)
    return f"{said} {_recorded(step)}" if step.channel in _CHANNELS and not says_so_itself else said


def _recorded(step: Step) -> str:
    channel = str(_CHANNELS[step.channel])
    if step.recorder:
        return _("Recorded by %(name)s, %(channel)s.", name=step.recorder, channel=channel)
    return _("Recorded by the coordination, %(channel)s.", channel=channel)


def _said(step: Step) -> str:  # noqa: C901 - one arm per kind is the plainest form
    match step.kind:
        case StepKind.SENT if step.code:
            return taken_down(step)
        case StepKind.SENT if step.until:
            return _("Request sent. An answer was promised by %(instant)s.", instant=format_instant(step.until))
        case StepKind.SENT:
            return _("Request sent.")
        case StepKind.RELEASED:
            return _("The coordination has looked at it and released it.")
        case StepKind.CHANGED:
            return _("The request was changed; the search began anew.")
        case StepKind.ASKED:
            return ngettext("One person asked.", "%(num)d people asked.", step.people)
        case StepKind.FOUND_PEOPLE:
            return _("We have found people to ask after all.")
        case StepKind.NOBODY_YET:
            return _("Nobody found by the promised time. We went on searching.")
        case StepKind.PROPOSED if step.code:
            return _("%(name)s would come; the office was asked to agree.", name=step.who)
        case StepKind.PROPOSED:
            return _("%(name)s was proposed and asked for a yes.", name=step.who)
        case StepKind.FOUND:
            return _("%(name)s has accepted.", name=step.who)
        case StepKind.MOVED:
            return _("The appointment was moved; %(name)s is asked to agree.", name=step.who)
        case StepKind.RECONFIRMED:
            return _("%(name)s has confirmed once more.", name=step.who)
        case StepKind.FELL_AWAY:
            return fell_away(step)
        case StepKind.CANCELLED:
            return _("Cancelled: %(reason)s.", reason=label(CancelReason(step.code)) if step.code else "–")
        case StepKind.UNFILLED:
            return _("Nobody could come: %(reason)s.", reason=label(UnfilledReason(step.code or "other")))
        case StepKind.HELPED:
            return _("The search has ended: %(name)s helps from outside.", name=step.who)
        case StepKind.ANSWER_DUE:
            return _("By then you know whether somebody comes. If not, you decide how to go on.")
        case StepKind.RECONFIRMATION_DUE:
            return _("We ask %(name)s once more and remind you.", name=step.who)
        case StepKind.START:
            return _("The talk begins.")
        case StepKind.ENDED:
            return _("The talk has taken place.")


def taken_down(step: Step) -> str:
    """Say how a request came that the coordination entered for its office, and what it was promised."""
    promised = _("An answer was promised by %(instant)s.", instant=format_instant(step.until)) if step.until else ""
    return f"{came_by(step.code)} {promised}".strip()


def came_by(channel: str) -> str:
    """Say over which channel a request reached the coordination."""
    return str(TAKEN_DOWN[channel])


def fell_away(step: Step) -> str:
    """Say why somebody who was found does not come; never more than the office needs."""
    match AppointmentState(step.code):
        case AppointmentState.HANDED_BACK:
            return _("%(name)s cannot come after all. We search anew.", name=step.who)
        case AppointmentState.STEPPED_BACK:
            return _("%(name)s cannot interpret for this case. We search for somebody else.", name=step.who)
        case AppointmentState.MEDIATOR_ABSENT:
            return _("%(name)s did not come.", name=step.who)
        case AppointmentState.CLIENT_ABSENT:
            return _("The person did not come; %(name)s was there.", name=step.who)
        case _:
            return _("%(name)s could not agree to this time. We search anew.", name=step.who)
