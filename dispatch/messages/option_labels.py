"""Name the topics and fields of the options, their units and choices.

A form field is named by its topic and its name, numbers and keys replaced by `#`: `waves.rows-#-asked`.
"""

import re

from dispatch.domain.option_kinds import Unit
from dispatch.domain.option_topics import OF_SETTING
from dispatch.i18n import LazyString, formats
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.i18n import lazy_pgettext as _p
from dispatch.messages.document_names import document_name
from dispatch.messages.option_choices import choice_word
from dispatch.messages.option_public import PUBLIC_FIELDS, PUBLIC_HINTS, PUBLIC_TOPICS
from dispatch.reference import places

TOPICS: dict[str, tuple[LazyString, LazyString]] = {
    "service": (_l("Names and contact"), _l("how the service is called and reached, on every page and in every mail")),
    "hours": (_l("Hours and closing days"), _l("when people answer, and when mediators may be asked")),
    "waves": (_l("Rounds of offers"), _l("how many are asked at which notice, and how long they have to answer")),
    "requests": (_l("Limits of a request"), _l("how long and how far ahead")),
    "conditions": (_l("Conditions"), _l("least notice, time that must be left")),
    "document_types": (_l("Types of documents"), _l("which documents there are, and how old they may be")),
    "documents": (_l("Ends of documents"), _l("when people are warned that a document ends")),
    "travel": (_l("Ways"), _l("detour and speeds by which minutes and kilometres are estimated")),
    "weights": (_l("Weights"), _l("what counts how much when people are put in order, also by field of work")),
    "reminders": (_l("Reminders and late cancellations"), _l("what falls due before and after an appointment")),
    "moves": (_l("Moves"), _l("how often an office moves a request by itself")),
    "mediators": (_l("Records of mediators"), _l("what a new record begins with, and its limits")),
    "calls": (_l("Calls"), _l("how much service time a call needs before a deadline")),
    "fallback": (_l("Help elsewhere"), _l("where offices turn when nobody fits or nobody is there")),
    "duty": (
        _l("Duty and alarms"),
        _l("when alarms go to the deputies, and how long somebody looks after a request"),
    ),
    "retention": (_l("Periods of keeping"), _l("after which texts, codes, references and people are deleted")),
    "help_requests": (_l("Requests of residents"), _l("neutral words of mails, the quick exit, limits")),
    "programs": (_l("Programs"), _l("how often a program may call in a minute")),
    "second_factors": (_l("Second factors"), _l("whether staff must prove more than a password")),
    "areas": (_l("Social areas"), _l("which municipality belongs to which area")),
    "webhooks": (_l("Hosts of other programs"), _l("where webhooks may go that tell other programs of changes")),
    **PUBLIC_TOPICS,
}
"""The title of each topic, and what it is about."""

FIELDS: dict[str, LazyString] = {
    "service.name": _l("Name of the service"),
    "service.district": _l("District"),
    "service.phone": _l("Telephone of the service"),
    "service.mailbox": _l("Mailbox of the people on duty"),
    "service.operator": _l("Who operates the service"),
    "service.address": _l("Address"),
    "service.term": _l("What German pages call interpreting"),
    "service.people": _l("What German pages call those who interpret"),
    "mediators.usual_km": _l("Way of a new record"),
    "mediators.furthest_km": _l("Longest way that can be entered"),
    "mediators.share_phone": _l("New records show the mediator's own number to offices"),
    "calls.minutes": _l("Service time before a deadline that a call needs"),
    "calls.short_notice_minutes": _l("The same at short notice"),
    "fallback.text": _l("Hint for offices"),
    "fallback.phone": _l("Telephone elsewhere"),
    "hours.week": _l("Service hours"),
    "hours.week-#-from": _p("option", "from"),
    "hours.week-#-to": _p("option", "until"),
    "hours.closing_days": _l("Closing days"),
    "hours.land": _l("Public holidays of"),
    "hours.waking": _l("Hours in which mediators are asked"),
    "hours.waking-from": _p("option", "from"),
    "hours.waking-to": _p("option", "until"),
    "waves.rows": _l("How many are asked, by the waking hours left until the start"),
    "waves.rows-#-above": _l("above (hours)"),
    "waves.rows-#-up_to": _l("up to (hours)"),
    "waves.rows-#-asked": _l("people asked at once"),
    "waves.rows-#-answer": _l("answer within (minutes)"),
    "waves.answer_at_least_minutes": _l("Least time to answer"),
    "waves.before_departure_minutes": _l("Last answer before the departure"),
    "waves.night_until_minute": _l("At night ask those who agreed to it if the start lies before"),
    "waves.lapses_to_ask_in_addition": _l("Unanswered offers in a row after which somebody is only asked in addition"),
    "waves.lapses_to_ask_the_coordinator": _l("Unanswered offers in a row after which the coordination is told"),
    "waves.useful_service_days": _l("Last useful answer before the start"),
    "waves.by_hand_before_start_minutes": _l("Answer by hand before the start"),
    "requests.shortest": _l("Shortest request"),
    "requests.longest": _l("Longest request"),
    "requests.ahead": _l("How far ahead a request may lie"),
    "requests.afterwards": _l("How long a request may be entered afterwards"),
    "conditions.notice_minutes": _l("Least notice before the way begins"),
    "conditions.remaining_minutes": _l("Time that must be left after a step back"),
    "document_types.rows": _l("Types of documents"),
    "document_types.rows-#-code": _l("Code"),
    "document_types.rows-#-label": _l("Name of its own"),
    "document_types.rows-#-years": _l("counts for (years)"),
    "documents.first_warning": _l("First warning before a document ends"),
    "documents.last_warning": _l("Last warning before a document ends"),
    "travel.factor": _l("Detour factor on the straight line"),
    "travel.car": _l("By car"),
    "travel.public": _l("By bus and train"),
    "travel.bicycle": _l("By bicycle"),
    "travel.car-kmh": _l("kilometres per hour"),
    "travel.car-extra": _l("additional minutes"),
    "travel.public-kmh": _l("kilometres per hour"),
    "travel.public-extra": _l("additional minutes"),
    "travel.bicycle-kmh": _l("kilometres per hour"),
    "travel.bicycle-extra": _l("additional minutes"),
    "travel.minutes_within_municipality": _l("Least time within one municipality"),
    "weights.weights": _l("Weights of all fields of work"),
    "weights.by_setting": _l("Weights of their own for single fields of work"),
    "weights.by_setting-#-setting": _l("Field of work"),
    "weights.experienced_after": _l("Appointments in a field of work that count as full experience"),
    "weights.way_limit_km": _l("Way that people accept who named no limit"),
    "weights.weekly_minutes": _l("Weekly time of people who named no limit"),
    "reminders.week_days": _l("First reminder before the appointment"),
    "reminders.reconfirm_minute": _l("Re-confirmation on the last service day before, at"),
    "reminders.alarm_service_minutes": _l("Silence in service hours after which the coordination is told"),
    "reminders.last_before_departure_minutes": _l("Last reminder before the departure"),
    "reminders.last_before_start_minutes": _l("Last reminder before the start"),
    "reminders.late_cancellation_hours": _l("A cancellation is late if it comes before the start within"),
    "reminders.correction_days": _l("How long an absence may be corrected"),
    "moves.by_office": _l("Moves of one request that an office makes by itself"),
    "duty.escalate_after_minutes": _l("Time of service after which an alarm that nobody takes goes to the deputies"),
    "duty.near_start_hours": _l("Nobody left to ask becomes an alarm before the start within"),
    "duty.claim_hours": _l("How long “I look after it” holds"),
    "duty.handover_days": _l("Days ahead on the handover list"),
    "duty.handover_days_back": _l("Days of notes on the handover list"),
    "webhooks.hosts": _l("Hosts that webhooks may go to"),
    "retention.detail_days": _l("Notes, exact place and contacts of a request, after its end"),
    "retention.call_note_days": _l("Notes about calls and for colleagues, after the end of the request"),
    "retention.case_months": _l("Code of a case, after its last appointment"),
    "retention.reference_months": _l("Reference of the office, after the end of the request"),
    "retention.leaver_months": _l("Data of people who left, after they left"),
    "retention.feedback_months": _l("What readers of the pages reported, after it was settled"),
    "retention.resident_days": _l("How to reach residents, after their request is closed"),
    "help_requests.unit_name": _l("Name of the unit that stands for residents"),
    "help_requests.sender_name": _l("Sender of mails to residents"),
    "help_requests.mail_subject": _l("Subject of mails to residents"),
    "help_requests.exit_address": _l("Where the quick exit leads"),
    "help_requests.usual_minutes": _l("Length of a talk before somebody sets it"),
    "help_requests.most_per_hour": _l("Requests in an hour from one network"),
    "retention.applicant_days": _l("Applications whose address nobody confirmed, after they were saved"),
    "retention.applicant_months": _l("Applications that were left unfinished, declined or taken back"),
    "programs.calls_per_minute": _l("Calls of one token in a minute"),
    "second_factors.staff": _l("A second factor for staff is"),
    "areas.by_municipality": _l("Area of each municipality"),
    "setting.label": _l("Name of its own"),
    "setting.group": _l("Group that offers name"),
    "setting.goal": _l("Goal of the integration concept"),
    "setting.protection": _l("Protection class"),
    "setting.qualification": _l("Qualification"),
    "setting.german_level": _l("German"),
    "setting.language_level": _l("Level of the language"),
    "setting.documents": _l("Documents"),
    "setting.gender": _l("Gender of the mediator"),
    "setting.usual_minutes": _l("Usual length"),
    "setting.minutes_before": _l("Time before it"),
    "setting.minutes_after": _l("Time after it"),
    "setting.review": _l("A coordinator looks at each request first"),
    "setting.elsewhere": _l("Out of scope: where offices turn"),
    **PUBLIC_FIELDS,
}

HINTS: dict[str, LazyString] = {
    "hours.week": _l("Times such as 8:00. Both left empty means closed."),
    "hours.closing_days": _l("One day on each line, such as 24.12.2026. Public holidays are known."),
    "webhooks.hosts": _l("One name on each line, without https:// and path, such as cases.example.org."),
    "waves.rows": _l(
        "Each row begins where the one before ends; the last one has no end. "
        "No number of people means everybody who fits."
    ),
    "document_types.rows": _l(
        "A code stays as it is: small letters, digits, underscores. Shipped types have a name in every language; the "
        "name of any other is shown as typed. Years are counted from the day of issue; left empty, age does not matter."
    ),
    "weights.weights": _l("Whole numbers from 0 to 100; what counts is their share of the sum."),
    "weights.by_setting": _l("A row without a field of work does not count."),
    "help_requests.unit_name": _l("It counts for the unit when it is made, with the first request of a resident."),
    "help_requests.sender_name": _l("Neutral: whoever sees the mail must not learn what it is about."),
    "help_requests.mail_subject": _l("Neutral as well. Left empty, a shipped one in the reader's language is used."),
    "help_requests.exit_address": _l("A page that nobody wonders about, such as the weather, with https://."),
    "help_requests.most_per_hour": _l("A whole house may share one network."),
    "duty.escalate_after_minutes": _l("Time of service after which an alarm that nobody takes goes to the deputies"),
    "duty.near_start_hours": _l("Nobody left to ask becomes an alarm before the start within"),
    "duty.claim_hours": _l("How long “I look after it” holds"),
    "duty.handover_days": _l("Days ahead on the handover list"),
    "duty.handover_days_back": _l("Days of notes on the handover list"),
    "programs.calls_per_minute": _l("Calls of one token in a minute"),
    "areas.by_municipality": _l("Every municipality belongs to one area; a new name makes a new area."),
    "second_factors.staff": _l(
        "Staff are the coordination, the regional coordination, the administration and people who see statistics. "
        "Others may have a second factor and need none."
    ),
    "setting.label": _l("Left empty, the shipped name in the reader's language is shown."),
    "setting.elsewhere": _l("Left open, the service arranges it itself."),
    "service.term": _l("One word of feminine gender, such as Sprachmittlung."),
    "fallback.text": _l("Shown to offices when nobody fits, nobody could come or nobody is there; empty says nothing."),
    "mediators.share_phone": _l("Otherwise offices see the number of the service."),
    "service.phone": _l("Shown to everybody, and to offices in place of a mediator's own number."),
    **PUBLIC_HINTS,
}

_UNITS: dict[Unit, LazyString] = {
    Unit.MINUTES: _l("in minutes"),
    Unit.HOURS: _l("in hours"),
    Unit.DAYS: _l("in days"),
    Unit.MONTHS: _l("in months"),
    Unit.YEARS: _l("in years"),
    Unit.KM: _l("in kilometres"),
    Unit.KMH: _l("in kilometres per hour"),
}


def pattern(topic: str, name: str) -> str:
    """Return by what a form field is named here: numbers and keys are `#`, a field of work is `setting`."""
    base = "setting" if topic.startswith(OF_SETTING) else topic
    return f"{base}.{re.sub('-[0-9]+', '-#', name)}"


def field_title(topic: str, field: str) -> str:
    """Return the title of a field."""
    return str(FIELDS[pattern(topic, field)])


def hint_of(topic: str, field: str, unit: Unit = Unit.NONE) -> str | None:
    """Return the hint below the title of a field, or its unit; None without either."""
    hint = HINTS.get(pattern(topic, field)) or _UNITS.get(unit)
    return str(hint) if hint else None


def row_title(topic: str, name: str) -> str | None:
    """Return what stands before a row of form fields, the day of a week or the number of a row; None for others."""
    found = re.search("-([0-9]+)-", name)
    if found is None:
        return None
    if topic == "hours":
        return formats().weekday_name(int(found[1]))
    return _("Row %(number)s", number=int(found[1]) + 1)


def part_title(topic: str, name: str) -> str:
    """Return the word at one form field: its own, a municipality, or the code at its end."""
    known = FIELDS.get(pattern(topic, name))
    if known:
        return str(known)
    last = name.rpartition("-")[2]
    if pattern(topic, name).startswith("setting.documents-"):
        return document_name(last)
    municipality = places.find_municipality(last)
    return municipality.name if municipality else choice_word(last)


def full_title(topic: str, name: str) -> str:
    """Return the title of one form field where it stands alone: in a list of changes, in a summary of errors."""
    field = next((one for one in (name, *_beginnings(name)) if pattern(topic, one) in FIELDS), name)
    if field == name and not re.search("-[0-9]", name):
        return part_title(topic, name)
    row, part = row_title(topic, name), part_title(topic, name)
    base = name.partition("-")[0]
    words = [field_title(topic, base), *([row] if row else []), part]
    return formats().series(words)


def _beginnings(name: str) -> list[str]:
    pieces = name.split("-")
    return ["-".join(pieces[:count]) for count in range(len(pieces) - 1, 0, -1)]
