"""Decide what the district may set itself: every topic with its fields, their bounds, and how they fit together.

A topic is one frozen dataclass of the domain and the kinds of those of its fields that may be changed. Add one here
and it has its page, its history and its place in the file; read it by `services.options.read(DEFAULT)`.
"""

from collections.abc import Mapping

from dispatch.domain import (
    calls,
    document_types,
    documents,
    duty,
    eligibility,
    fallback,
    help_requests,
    hours,
    mediators,
    moves,
    offers,
    programs,
    ranking,
    reminders,
    requests,
    retention,
    second_factors,
    service,
    social_areas,
    travel,
    webhooks,
)
from dispatch.domain.findings import Findings
from dispatch.domain.languages import Level
from dispatch.domain.option_days import Days
from dispatch.domain.option_documents import Demanded, DocumentTable
from dispatch.domain.option_hosts import Hosts
from dispatch.domain.option_kinds import Kind, Unit
from dispatch.domain.option_public import PUBLIC_TOPICS
from dispatch.domain.option_tables import Areas, Opening, Shares, SharesBySetting, Speeds, Week
from dispatch.domain.option_topic import Topic
from dispatch.domain.option_values import (
    Choice,
    Clock,
    Decimal,
    Email,
    Flag,
    Member,
    Phone,
    Span,
    Text,
    Whole,
)
from dispatch.domain.option_waves import Waves
from dispatch.domain.settings import (
    SETTINGS,
    Elsewhere,
    GenderDemand,
    Goal,
    Protection,
    Qualification,
    SettingGroup,
)

OF_SETTING = "setting."
"""How the topics of the fields of work begin; the code follows."""


def _document_warnings(value: documents.DocumentOptions, findings: Findings) -> None:
    if value.last_warning >= value.first_warning:
        findings.add("last_warning", "not_before_first")


def _request_bounds(value: requests.RequestOptions, findings: Findings) -> None:
    if value.longest <= value.shortest:
        findings.add("longest", "not_rising")


def _lapses(value: offers.OfferOptions, findings: Findings) -> None:
    if value.lapses_to_ask_the_coordinator < value.lapses_to_ask_in_addition:
        findings.add("lapses_to_ask_the_coordinator", "not_rising")


def _usual_way(value: mediators.MediatorOptions, findings: Findings) -> None:
    if value.usual_km > value.furthest_km:
        findings.add("furthest_km", "not_rising")


def _exit_address(value: help_requests.HelpOptions, findings: Findings) -> None:
    findings.link("exit_address", value.exit_address)


def _call_times(value: calls.CallOptions, findings: Findings) -> None:
    if value.short_notice_minutes > value.minutes:
        findings.add("minutes", "not_rising")


_TOPICS = (
    Topic(
        "service",
        service.DEFAULT,
        {
            "name": Text(80),
            "district": Text(80),
            "phone": Phone(),
            "mailbox": Email(),
            "operator": Text(),
            "address": Text(),
            "term": Text(60),
            "people": Text(80),
        },
    ),
    Topic(
        "hours",
        hours.DEFAULT,
        {"week": Week(), "closing_days": Days(), "land": Choice(hours.LANDS), "waking": Opening()},
    ),
    Topic(
        "waves",
        offers.DEFAULT,
        {
            "rows": Waves(),
            "answer_at_least_minutes": Whole(5, 240, Unit.MINUTES),
            "before_departure_minutes": Whole(0, 240, Unit.MINUTES),
            "night_until_minute": Clock(),
            "lapses_to_ask_in_addition": Whole(1, 50),
            "lapses_to_ask_the_coordinator": Whole(1, 50),
            "useful_service_days": Whole(0, 20, Unit.DAYS),
            "by_hand_before_start_minutes": Whole(0, 24 * 60, Unit.MINUTES),
        },
        _lapses,
    ),
    Topic(
        "requests",
        requests.DEFAULT,
        {
            "shortest": Span(Unit.MINUTES, 1, 240),
            "longest": Span(Unit.HOURS, 1, 24),
            "ahead": Span(Unit.DAYS, 1, 800),
            "afterwards": Span(Unit.DAYS, 0, 60),
        },
        _request_bounds,
    ),
    Topic(
        "conditions",
        eligibility.DEFAULT,
        {
            "notice_minutes": Whole(0, 24 * 60, Unit.MINUTES),
            "remaining_minutes": Whole(1, 120, Unit.MINUTES),
        },
    ),
    Topic("document_types", document_types.DEFAULT, {"rows": DocumentTable()}),
    Topic(
        "documents",
        documents.DEFAULT,
        {"first_warning": Span(Unit.DAYS, 2, 365), "last_warning": Span(Unit.DAYS, 1, 180)},
        _document_warnings,
    ),
    Topic(
        "travel",
        travel.DEFAULT,
        {
            "factor": Decimal(1, 3),
            "car": Speeds(),
            "public": Speeds(),
            "bicycle": Speeds(),
            "minutes_within_municipality": Whole(0, 120, Unit.MINUTES),
        },
    ),
    Topic(
        "weights",
        ranking.DEFAULT,
        {
            "weights": Shares(ranking.Criterion),
            "by_setting": SharesBySetting(ranking.Criterion),
            "experienced_after": Whole(1, 1000),
            "way_limit_km": Decimal(1, 500, Unit.KM),
            "weekly_minutes": Whole(30, 60 * 60, Unit.MINUTES),
        },
    ),
    Topic(
        "reminders",
        reminders.DEFAULT,
        {
            "week_days": Whole(2, 60, Unit.DAYS),
            "reconfirm_minute": Clock(),
            "alarm_service_minutes": Whole(15, 24 * 60, Unit.MINUTES),
            "last_before_departure_minutes": Whole(5, 24 * 60, Unit.MINUTES),
            "last_before_start_minutes": Whole(5, 24 * 60, Unit.MINUTES),
            "late_cancellation_hours": Whole(0, 14 * 24, Unit.HOURS),
            "correction_days": Whole(1, 90, Unit.DAYS),
        },
    ),
    Topic("moves", moves.DEFAULT, {"by_office": Whole(0, 20)}),
    Topic(
        "mediators",
        mediators.DEFAULT,
        {"usual_km": Whole(1, 500, Unit.KM), "furthest_km": Whole(1, 2000, Unit.KM), "share_phone": Flag()},
        _usual_way,
    ),
    Topic(
        "calls",
        calls.DEFAULT,
        {"minutes": Whole(5, 24 * 60, Unit.MINUTES), "short_notice_minutes": Whole(1, 240, Unit.MINUTES)},
        _call_times,
    ),
    Topic(
        "fallback", fallback.DEFAULT, {"text": Text(500, required=False, prose=True), "phone": Phone(required=False)}
    ),
    Topic(
        "duty",
        duty.DEFAULT,
        {
            "escalate_after_minutes": Whole(15, 24 * 60, Unit.MINUTES),
            "near_start_hours": Whole(1, 14 * 24, Unit.HOURS),
            "claim_hours": Whole(1, 24, Unit.HOURS),
            "handover_days": Whole(1, 60, Unit.DAYS),
            "handover_days_back": Whole(1, 60, Unit.DAYS),
        },
    ),
    Topic(
        "retention",
        retention.DEFAULT,
        {
            "detail_days": Whole(1, 365, Unit.DAYS),
            "call_note_days": Whole(1, 365, Unit.DAYS),
            "case_months": Whole(1, 60, Unit.MONTHS),
            "reference_months": Whole(1, 120, Unit.MONTHS),
            "leaver_months": Whole(1, 60, Unit.MONTHS),
            "feedback_months": Whole(1, 60, Unit.MONTHS),
            "resident_days": Whole(1, 365, Unit.DAYS),
            "applicant_days": Whole(1, 90, Unit.DAYS),
            "applicant_months": Whole(1, 60, Unit.MONTHS),
        },
    ),
    Topic(
        "help_requests",
        help_requests.DEFAULT,
        {
            "unit_name": Text(80),
            "sender_name": Text(60),
            "mail_subject": Text(80, required=False),
            "exit_address": Text(200),
            "usual_minutes": Whole(15, 480, Unit.MINUTES),
            "most_per_hour": Whole(1, 1000),
        },
        _exit_address,
    ),
    Topic("programs", programs.DEFAULT, {"calls_per_minute": Whole(1, 100_000)}),
    Topic("second_factors", second_factors.DEFAULT, {"staff": Member(second_factors.FactorRule)}),
    Topic("areas", social_areas.DEFAULT, {"by_municipality": Areas()}),
    Topic("webhooks", webhooks.DEFAULT, {"hosts": Hosts()}),
    *PUBLIC_TOPICS,
)

_SETTING: Mapping[str, Kind] = {
    "label": Text(80, required=False),
    "group": Member(SettingGroup),
    "goal": Member(Goal, optional=True),
    "protection": Member(Protection),
    "qualification": Member(Qualification),
    "german_level": Member(Level),
    "language_level": Member(Level),
    "documents": Demanded(),
    "gender": Member(GenderDemand),
    "usual_minutes": Whole(5, 24 * 60, Unit.MINUTES),
    "minutes_before": Whole(0, 240, Unit.MINUTES),
    "minutes_after": Whole(0, 240, Unit.MINUTES),
    "review": Flag(),
    "elsewhere": Member(Elsewhere, optional=True),
}

TOPICS: Mapping[str, Topic] = {topic.name: topic for topic in _TOPICS}
"""The topics with a page each, in the order of the index."""

SETTING_TOPICS: Mapping[str, Topic] = {
    OF_SETTING + code: Topic(OF_SETTING + code, setting, _SETTING) for code, setting in SETTINGS.items()
}
"""A topic for each field of work, in the order of the form."""

ALL: Mapping[str, Topic] = {**TOPICS, **SETTING_TOPICS}
OF_TYPE: Mapping[type, Topic] = {type(topic.shipped): topic for topic in _TOPICS}
