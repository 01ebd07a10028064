"""The tables, one file per topic; no rules."""

from dispatch.models.access import ApiToken, IdempotencyKey, Identity, RecoveryCode, SecondFactor, SignInStep
from dispatch.models.accounts import Attempt, FormDraft, Link, LoginSession, User, UserArea
from dispatch.models.appointments import Appointment
from dispatch.models.audit import AuditEntry
from dispatch.models.availability import AvailabilitySpan, WeeklyWindow
from dispatch.models.calendars import BusyTime, GivenCalendar
from dispatch.models.calls import CallAttempt, CallTask
from dispatch.models.demand import UnaskedNeed
from dispatch.models.installation import Counter, Mark, SettingRow
from dispatch.models.mediators import Mediator, MediatorDocument, MediatorLanguage, MediatorSetting
from dispatch.models.messages import OutboxMessage, Reminder
from dispatch.models.offers import Offer
from dispatch.models.options import IntakeRule, OptionChange
from dispatch.models.organisations import Exclusion, Organisation, UnitSight
from dispatch.models.presence import Alarm, InternalNote, StaffAbsence
from dispatch.models.providers import Provider, ProviderLanguage, Referral
from dispatch.models.requests import (
    Request,
    RequestAvoided,
    RequestLanguage,
    RequestMessage,
    RequestPerson,
    RequestTalk,
)
from dispatch.models.residents import Applicant, ApplicantStep, Feedback, HelpRequest
from dispatch.models.webhooks import Webhook

__all__ = [
    "Alarm",
    "ApiToken",
    "Applicant",
    "ApplicantStep",
    "Appointment",
    "Attempt",
    "AuditEntry",
    "AvailabilitySpan",
    "BusyTime",
    "CallAttempt",
    "CallTask",
    "Counter",
    "Exclusion",
    "Feedback",
    "FormDraft",
    "GivenCalendar",
    "HelpRequest",
    "IdempotencyKey",
    "Identity",
    "IntakeRule",
    "InternalNote",
    "Link",
    "LoginSession",
    "Mark",
    "Mediator",
    "MediatorDocument",
    "MediatorLanguage",
    "MediatorSetting",
    "Offer",
    "OptionChange",
    "Organisation",
    "OutboxMessage",
    "Provider",
    "ProviderLanguage",
    "RecoveryCode",
    "Referral",
    "Reminder",
    "Request",
    "RequestAvoided",
    "RequestLanguage",
    "RequestMessage",
    "RequestPerson",
    "RequestTalk",
    "SecondFactor",
    "SettingRow",
    "SignInStep",
    "StaffAbsence",
    "UnaskedNeed",
    "UnitSight",
    "User",
    "UserArea",
    "Webhook",
    "WeeklyWindow",
]
