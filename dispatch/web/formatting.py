"""Offer to every template what it shows besides the page's own data: the service, its hours, the states by name."""

from flask import Flask

from dispatch.domain import fallback, hours, service
from dispatch.domain.alarms import AlarmKind
from dispatch.domain.applicants import ApplicantState, Step
from dispatch.domain.blocks import TalkOutcome
from dispatch.domain.calls import Outcome
from dispatch.domain.candidates import Gender
from dispatch.domain.languages import Level
from dispatch.domain.lifecycle import AppointmentState, DeclineReason, OfferState, RequestState
from dispatch.domain.mediators import ContactChannel
from dispatch.domain.modes import Mode
from dispatch.domain.organisations import OrganisationKind
from dispatch.domain.permissions import Role
from dispatch.domain.referrals import ReferralChannel, ReferralState
from dispatch.domain.requests import ReviewReason
from dispatch.domain.settings import Qualification, SettingGroup
from dispatch.domain.travel import Transport
from dispatch.services import options


def init_app(app: Flask) -> None:
    """Install the template globals; texts, dates and names of languages come from `i18n`."""
    for member in (
        AlarmKind,
        ApplicantState,
        Step,
        RequestState,
        OfferState,
        AppointmentState,
        Outcome,
        ContactChannel,
        DeclineReason,
        Gender,
        Level,
        Mode,
        OrganisationKind,
        Qualification,
        ReferralChannel,
        ReferralState,
        ReviewReason,
        Role,
        SettingGroup,
        TalkOutcome,
        Transport,
    ):
        app.jinja_env.globals[member.__name__] = member
    app.context_processor(_service)


def _service() -> dict[str, object]:
    return {
        "service": options.read_for_page(service.DEFAULT),
        "fallback": options.read_for_page(fallback.DEFAULT),
        "service_hours": options.read_for_page(hours.DEFAULT).week,
    }
