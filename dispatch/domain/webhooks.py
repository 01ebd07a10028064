"""Decide which events programs are told of, where they may be sent, how they are signed, and what an answer means.

It never knows who may see a thing, and never connects to anything.
"""

import hmac
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from dispatch.domain.findings import Findings
from dispatch.domain.lifecycle import AppointmentState, RequestState
from dispatch.domain.web_addresses import AddressRefused, WebAddress, parse_address

PING = "ping"
ALL_OF_REQUESTS, ALL_OF_APPOINTMENTS = "request.*", "appointment.*"
CHANGED, MOVED = "request.changed", "appointment.moved"
REQUEST_EVENTS = (*(f"request.{state}" for state in RequestState if state is not RequestState.DRAFT), CHANGED)
APPOINTMENT_EVENTS = (*(f"appointment.{state}" for state in AppointmentState), MOVED)
EVENTS = (*REQUEST_EVENTS, *APPOINTMENT_EVENTS)
"""Every event but the ping: the state that was reached, or that something else changed."""
WANTABLE = (ALL_OF_REQUESTS, *REQUEST_EVENTS, ALL_OF_APPOINTMENTS, *APPOINTMENT_EVENTS)
"""What a webhook may ask for."""

SECRET_PREFIX = "whsec_"  # noqa: S105 - tells people and scanners what they hold
SIGNATURE_VERSION = "v1"
MOST_OF_A_USER = 20
LATE_COMMIT = timedelta(minutes=1)
"""So long after its instant an entry of the log may still appear before one that was read already."""
LATEST_NEWS = timedelta(hours=48)
"""What is older is told to nobody, as what could not be handed over in that time."""
LOG_DAYS = 30


@dataclass(frozen=True)
class WebhookOptions:
    """Option: the hosts that webhooks may go to, as DNS names them; shipped without any."""

    hosts: tuple[str, ...] = ()


DEFAULT = WebhookOptions()


@dataclass(frozen=True)
class TypedWebhook:
    """A webhook as typed."""

    url: str = ""
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewWebhook:
    """A webhook that holds: the events in their order, those that a wider one includes left out."""

    address: WebAddress
    events: tuple[str, ...]


class Verdict(StrEnum):
    """What an answer means: taken, never again, or not now."""

    TAKEN = "taken"
    OFF = "off"
    LATER = "later"


def check(typed: TypedWebhook, *, taken: Collection[str] = (), options: WebhookOptions = DEFAULT) -> NewWebhook:
    """Return the webhook if it holds; raises Invalid with the codes of each field.

    `url`: those of `web_addresses.parse_address`, `host_not_allowed`, `taken` when the user has one there already.
    `events`: `required`, `unknown`, `repeated`.
    """
    findings = Findings()
    address = _address(findings, typed.url, options)
    if address is not None and address.url in taken:
        findings.add("url", "taken")
    events = findings.codes("events", WANTABLE, typed.events)
    findings.require("events", events)
    findings.raise_if_any()
    assert address is not None
    return NewWebhook(address, without_included(events))


def _address(findings: Findings, raw: str, options: WebhookOptions) -> WebAddress | None:
    try:
        address = parse_address(raw)
    except AddressRefused as refused:
        findings.add("url", "required" if refused.code == "empty" else refused.code)
        return None
    if address.host not in options.hosts:
        findings.add("url", "host_not_allowed")
    return address


def without_included(events: Iterable[str]) -> tuple[str, ...]:
    """Return the events in the order of `WANTABLE`, without those that `request.*` or `appointment.*` includes."""
    asked = set(events)
    return tuple(one for one in WANTABLE if one in asked and (one.endswith(".*") or _all_of(one) not in asked))


def wants(wanted: Collection[str], event: str) -> bool:
    """Tell whether a webhook that asks for `wanted` is told of an event."""
    return event in wanted or _all_of(event) in wanted


def event_of(subject: str, act: str, facts: Mapping[str, Any]) -> str | None:
    """Return the event that an entry of the audit log is, None when nobody is told of it."""
    match subject, act:
        case "request", "edit":
            event = CHANGED
        case "appointment", "book":
            event = f"appointment.{facts.get('state')}"
        case "appointment", "move" if facts.get("to") == AppointmentState.PROPOSED and "moves" in facts:
            event = MOVED
        case "request" | "appointment", "move":
            event = f"{subject}.{facts.get('to')}"
        case _:
            return None
    return event if event in EVENTS else None


def is_settled(at: datetime, now: datetime) -> bool:
    """Tell whether every entry of the log before one of this instant is there by now."""
    return at <= now - LATE_COMMIT


def is_mark_late(oldest: datetime, now: datetime) -> bool:
    """Tell whether the mark of what was read is to be moved: it waits twice as long, so that it moves seldom."""
    return oldest <= now - 2 * LATE_COMMIT


def is_worth_telling(at: datetime, now: datetime) -> bool:
    """Tell whether something is recent enough to be told, after a pause of the jobs or of the user's account."""
    return now - at < LATEST_NEWS


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a body sent at `timestamp`, in seconds since 1970."""
    signed = f"{timestamp}.".encode() + body
    return f"{SIGNATURE_VERSION}={hmac.new(secret.encode(), signed, sha256).hexdigest()}"


def verdict(status: int) -> Verdict:
    """Return what a status means: 2xx is taken, 410 asks never to be told again."""
    if 200 <= status < 300:
        return Verdict.TAKEN
    return Verdict.OFF if status == 410 else Verdict.LATER


def _all_of(event: str) -> str:
    return f"{event.partition('.')[0]}.*"
