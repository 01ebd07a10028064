"""The tables, one file per topic; no rules."""

from dispatch.models.accounts import Attempt, FormDraft, Link, LoginSession, User, UserArea
from dispatch.models.appointments import Appointment
from dispatch.models.audit import AuditEntry
from dispatch.models.availability import AvailabilitySpan, WeeklyWindow
from dispatch.models.installation import Counter, Mark, SettingRow
from dispatch.models.mediators import Mediator, MediatorDocument, MediatorLanguage, MediatorSetting
from dispatch.models.messages import OutboxMessage, Reminder
from dispatch.models.offers import Offer, PassedOver
from dispatch.models.organisations import Exclusion, Organisation
from dispatch.models.requests import Request, RequestAvoided, RequestLanguage, RequestPerson

__all__ = [
    "Appointment",
    "Attempt",
    "AuditEntry",
    "AvailabilitySpan",
    "Counter",
    "Exclusion",
    "FormDraft",
    "Link",
    "LoginSession",
    "Mark",
    "Mediator",
    "MediatorDocument",
    "MediatorLanguage",
    "MediatorSetting",
    "Offer",
    "Organisation",
    "OutboxMessage",
    "PassedOver",
    "Reminder",
    "Request",
    "RequestAvoided",
    "RequestLanguage",
    "RequestPerson",
    "SettingRow",
    "User",
    "UserArea",
    "WeeklyWindow",
]
