"""Which events programs are told of, where they go, and how they are signed."""

import hmac
from datetime import timedelta
from hashlib import sha256

import pytest

from dispatch.domain import webhooks
from dispatch.domain.errors import Invalid
from dispatch.domain.lifecycle import AppointmentState, RequestState
from dispatch.domain.webhooks import TypedWebhook, Verdict, WebhookOptions
from tests.builders import NOW

ALLOWED = WebhookOptions(("hooks.example", "xn--mller-kva.example"))


@pytest.mark.parametrize(
    ("subject", "act", "facts", "event"),
    [
        pytest.param("request", "move", {"from": "draft", "to": "submitted"}, "request.submitted", id="sent"),
        pytest.param("request", "move", {"from": "submitted", "to": "searching"}, "request.searching", id="searched"),
        pytest.param("request", "move", {"to": "draft"}, None, id="a draft is nobody's business"),
        pytest.param("request", "edit", {"fields": ["notes"]}, "request.changed", id="edited"),
        pytest.param("request", "claim", {}, None, id="looked after"),
        pytest.param("request", "write", {"message": 3}, None, id="a message"),
        pytest.param("appointment", "book", {"state": "confirmed"}, "appointment.confirmed", id="booked for sure"),
        pytest.param("appointment", "book", {"state": "proposed"}, "appointment.proposed", id="booked"),
        pytest.param("appointment", "move", {"to": "proposed", "moves": 1}, "appointment.moved", id="another time"),
        pytest.param("appointment", "move", {"to": "proposed"}, "appointment.proposed", id="live again"),
        pytest.param("appointment", "move", {"to": "handed_back"}, "appointment.handed_back", id="handed back"),
        pytest.param("appointment", "agree", {}, None, id="a yes that waits for the office"),
        pytest.param("offer", "move", {"to": "accepted"}, None, id="an offer"),
        pytest.param("user", "edit", {}, None, id="an account"),
    ],
)
def test_an_entry_of_the_log_is_an_event_or_none(
    subject: str, act: str, facts: dict[str, object], event: str | None
) -> None:
    assert webhooks.event_of(subject, act, facts) == event


def test_every_state_but_the_draft_is_an_event() -> None:
    states = {f"request.{state}" for state in RequestState} | {f"appointment.{state}" for state in AppointmentState}

    assert set(webhooks.EVENTS) == states - {"request.draft"} | {"request.changed", "appointment.moved"}


@pytest.mark.parametrize(
    ("wanted", "event", "verdict"),
    [
        (("request.*",), "request.unfilled", True),
        (("request.*",), "appointment.moved", False),
        (("request.unfilled",), "request.unfilled", True),
        (("request.unfilled",), "request.cancelled", False),
    ],
    ids=["all of a kind", "of another kind", "by name", "another name"],
)
def test_a_webhook_is_told_what_it_asks_for(wanted: tuple[str, ...], event: str, verdict: bool) -> None:
    assert webhooks.wants(wanted, event) is verdict


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        pytest.param(TypedWebhook(), {"url": ("required",), "events": ("required",)}, id="nothing"),
        pytest.param(TypedWebhook("\u200b", ("request.*",)), {"url": ("required",)}, id="nothing one sees"),
        pytest.param(TypedWebhook("http://hooks.example/", ("request.*",)), {"url": ("not_https",)}, id="http"),
        pytest.param(TypedWebhook("https://evil.example/", ("request.*",)), {"url": ("host_not_allowed",)}, id="host"),
        pytest.param(
            TypedWebhook("https://a.hooks.example/", ("request.*",)), {"url": ("host_not_allowed",)}, id="below a host"
        ),
        pytest.param(TypedWebhook("https://127.0.0.1/", ("request.*",)), {"url": ("not_a_name",)}, id="number"),
        pytest.param(TypedWebhook("https://hooks.example/1", ("request.*",)), {"url": ("taken",)}, id="there already"),
        pytest.param(TypedWebhook("https://hooks.example/", ("request.born",)), {"events": ("unknown",)}, id="event"),
    ],
)
def test_what_does_not_hold_is_told(typed: TypedWebhook, errors: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(Invalid) as refused:
        webhooks.check(typed, taken=("https://hooks.example/1",), options=ALLOWED)

    assert refused.value.errors.items() >= errors.items()


def test_a_webhook_keeps_one_form_of_address_and_no_event_twice() -> None:
    typed = TypedWebhook("https://Müller.example", ("appointment.moved", "request.searching", "request.*"))

    new = webhooks.check(typed, options=ALLOWED)

    assert (new.address.url, new.events) == (
        "https://xn--mller-kva.example/",
        ("request.*", "appointment.moved"),
    )


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.TAKEN), (204, Verdict.TAKEN), (301, Verdict.LATER), (400, Verdict.LATER), (404, Verdict.LATER),
        (410, Verdict.OFF), (429, Verdict.LATER), (500, Verdict.LATER),
    ],
)  # fmt: skip
def test_an_answer_means(status: int, verdict: Verdict) -> None:
    assert webhooks.verdict(status) is verdict


def test_a_signature_covers_instant_and_body() -> None:
    expected = hmac.new(b"whsec_x", b'1764000000.{"id":"1"}', sha256).hexdigest()

    assert webhooks.sign("whsec_x", 1764000000, b'{"id":"1"}') == f"v1={expected}"


def test_the_mark_waits_for_what_may_be_committed_late_and_moves_seldom() -> None:
    minute = timedelta(minutes=1)

    assert [webhooks.is_settled(NOW - age, NOW) for age in (timedelta(seconds=59), minute)] == [False, True]
    assert [webhooks.is_mark_late(NOW - age, NOW) for age in (minute, 2 * minute)] == [False, True]
    assert [webhooks.is_worth_telling(NOW - age, NOW) for age in (47 * 60 * minute, 48 * 60 * minute)] == [True, False]
