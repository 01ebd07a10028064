"""Help from outside: who is asked, what becomes of it, who is told, and what opens the search again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.domain.errors import Forbidden, Invalid, Missing, MoveRefused
from dispatch.domain.permissions import Act, Actor, Role
from dispatch.models import AuditEntry, OutboxMessage, Provider, Referral, Request
from dispatch.services import closing, outside, request_edits
from dispatch.services.request_access import load
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.booking import actor_of, acts, mails, new_request, offer_states
from tests.services.booking import stored as stored_request
from tests.services.offering import SEARCHING, sent, stored

HOUR = timedelta(hours=1)
STAFF = Actor(None, Role.COORDINATOR)


@pytest.fixture
def provider(build: Builder) -> Provider:
    return build.provider(languages=("so",))


def somali(build: Builder, **values: object) -> Request:
    """A request for Somali that nobody of the pool can take."""
    return build.request(languages=("so",), **{**SEARCHING, "nobody_fits_at": NOW, **values})


def referral_of(request: Request) -> Referral:
    """The latest referral of a request."""
    wanted = select(Referral).where(Referral.request_id == request.id).order_by(Referral.id.desc())
    return reading().scalars(wanted.execution_options(populate_existing=True)).all()[0]


def asked(build: Builder, provider: Provider, **values: object) -> tuple[Request, Referral]:
    """A request that was put to a provider by mail, and its letter has left."""
    request = somali(build, **values)
    outside.ask(STAFF, request.id, provider.id, "mail", NOW)
    sent()
    return request, referral_of(request)


def test_those_who_serve_the_language_are_offered_the_special_ones_first(build: Builder) -> None:
    build.provider(name="Alle Sprachen")
    build.provider(name="Ostafrika", languages=("so", "am", "ti"))
    build.provider(name="Somali-Dienst", languages=("so",))
    build.provider(name="Persisch", languages=("prs", "fa"))
    build.provider(name="Aufgegeben", languages=("so",), active=False)
    request = stored_with_languages(somali(build))

    beside = outside.beside(STAFF, request)

    assert beside is not None
    assert [one.name for one in beside.providers] == ["Somali-Dienst", "Ostafrika", "Alle Sprachen"]
    assert (beside.facts.area, beside.may_ask) == ("Meißen", True)
    assert outside.beside(Actor(None, Role.OBSERVER), request) is None


def stored_with_languages(request: Request) -> Request:
    """The request with its languages loaded, as a page loads it."""
    return load(reading(), STAFF, Act.REQUEST_VIEW, request.id)


def test_a_provider_is_asked_by_mail_once(build: Builder, provider: Provider) -> None:
    request, referral = asked(build, provider)

    assert (referral.state, referral.channel, referral.revision) == ("asked", "mail", 1)
    assert mails(request.id) == [("provider_asked", provider.email, "sent")]
    with pytest.raises(Invalid) as refused:
        outside.ask(STAFF, request.id, provider.id, "phone", NOW)
    assert refused.value.errors == {"provider": ("already_asked",)}


@pytest.mark.parametrize("state", ["assigned", "completed", "cancelled", "unfilled"])
def test_only_a_request_that_looks_for_somebody_is_put_to_a_provider(
    build: Builder, provider: Provider, state: str
) -> None:
    with pytest.raises(MoveRefused):
        outside.ask(STAFF, somali(build, state=state).id, provider.id, "mail", NOW)


def test_what_is_no_provider_or_no_way_is_refused(build: Builder, provider: Provider) -> None:
    request = somali(build)
    wrong = {
        (0, "mail"): "provider",
        (999, "mail"): "provider",
        (10**20, "mail"): "provider",
        (provider.id, ""): "channel",
    }

    for (provider_id, channel), field in wrong.items():
        with pytest.raises(Invalid) as refused:
            outside.ask(STAFF, request.id, provider_id, channel, NOW)
        assert list(refused.value.errors) == [field]
    with pytest.raises(Forbidden):
        outside.ask(actor_of(build.user()), request.id, provider.id, "mail", NOW)


def test_nothing_of_a_protected_case_leaves_by_mail(build: Builder, provider: Provider) -> None:
    request = somali(build, protection="protected")
    named = replace(STAFF, handles_protected=True)

    with pytest.raises(Missing):
        outside.ask(STAFF, request.id, provider.id, "phone", NOW)
    with pytest.raises(Invalid) as refused:
        outside.ask(named, request.id, provider.id, "mail", NOW)
    outside.ask(named, request.id, provider.id, "phone", NOW)

    assert refused.value.errors == {"channel": ("protected_by_phone",)}
    assert (referral_of(request).channel, mails(request.id)) == ("phone", [])


def test_an_agreement_ends_the_search_and_everybody_is_told(build: Builder, provider: Provider) -> None:
    other = build.provider(email="andere@example.net")
    request, referral = asked(build, provider)
    build.offer(request, build.mediator(email="mittlerin@example.org"))
    outside.ask(STAFF, request.id, other.id, "mail", NOW)
    sent()

    outside.settle(STAFF, request.id, referral.id, "agreed", NOW + HOUR)
    outside.settle(STAFF, request.id, referral.id, "agreed", NOW + HOUR)

    row = stored_request(request.id)
    assert (row.state, row.cancel_reason, acts(request.id)) == ("cancelled", "solved", [("move", "cancelled")])
    assert (stored(referral).state, referral_of(request).state) == ("agreed", "withdrawn")
    assert offer_states(request.id) == [("withdrawn", "closed")]
    assert [mail for mail in mails(request.id) if mail[2] == "queued"] == [
        ("provider_not_needed", "andere@example.net", "queued"),
        ("offer_withdrawn", "mittlerin@example.org", "queued"),
        ("request_outside", "schule@example.org", "queued"),
    ]


def test_a_provider_that_falls_through_opens_the_search_again(build: Builder, provider: Provider) -> None:
    request, referral = asked(build, provider)
    outside.settle(STAFF, request.id, referral.id, "agreed", NOW)

    outside.settle(STAFF, request.id, referral.id, "declined", NOW + HOUR)

    row = stored_request(request.id)
    assert (row.state, row.cancel_reason, stored(referral).state) == ("searching", None, "declined")
    assert ("request_outside", "schule@example.org", "dropped") in mails(request.id)


def test_after_the_start_a_provider_that_did_not_come_leaves_the_request_closed(
    build: Builder, provider: Provider
) -> None:
    request, referral = asked(build, provider)
    outside.settle(STAFF, request.id, referral.id, "agreed", NOW)

    outside.settle(STAFF, request.id, referral.id, "declined", START + HOUR)

    assert (stored_request(request.id).state, stored(referral).state) == ("cancelled", "declined")


def test_a_talk_is_held_with_help_only_once_it_is_over(build: Builder, provider: Provider) -> None:
    request, referral = asked(build, provider)
    outside.settle(STAFF, request.id, referral.id, "agreed", NOW)

    with pytest.raises(Invalid) as refused:
        outside.settle(STAFF, request.id, referral.id, "fulfilled", START)
    outside.settle(STAFF, request.id, referral.id, "fulfilled", START + HOUR)

    assert refused.value.errors == {"outcome": ("not_over",)}
    assert stored(referral).state == "fulfilled"


def test_a_provider_is_told_when_it_is_no_longer_needed(build: Builder, provider: Provider) -> None:
    cancelled, first = asked(build, provider)
    changed, second = asked(build, provider)

    closing.cancel(STAFF, cancelled.id, "own", NOW)
    version = stored_request(changed.id).version
    new = new_request(changed.organisation_id, languages=("so",), starts_at=START + HOUR, case_token="K7Q-4MX")
    request_edits.edit(STAFF, changed.id, version, new, NOW)

    assert (stored(first).state, stored(second).state) == ("withdrawn", "withdrawn")
    for request in (cancelled, changed):
        assert ("provider_not_needed", provider.email, "queued") in mails(request.id)


def test_a_letter_that_has_not_left_is_dropped_and_its_provider_hears_nothing(
    build: Builder, provider: Provider
) -> None:
    request = somali(build)
    outside.ask(STAFF, request.id, provider.id, "mail", NOW)

    outside.settle(STAFF, request.id, referral_of(request).id, "withdrawn", NOW)

    assert mails(request.id) == [("provider_asked", provider.email, "dropped")]


def test_a_request_that_is_opened_again_lets_its_provider_go(build: Builder, provider: Provider) -> None:
    request, referral = asked(build, provider)
    outside.settle(STAFF, request.id, referral.id, "agreed", NOW)

    closing.reopen(STAFF, request.id, NOW)

    assert (stored_request(request.id).state, stored(referral).state) == ("searching", "withdrawn")


def test_the_referral_of_another_request_does_not_exist(build: Builder, provider: Provider) -> None:
    _request, referral = asked(build, provider)

    with pytest.raises(Missing):
        outside.settle(STAFF, somali(build).id, referral.id, "agreed", NOW)


def test_every_step_stands_in_the_log_without_a_name(build: Builder, provider: Provider) -> None:
    request, referral = asked(build, provider)
    outside.settle(STAFF, request.id, referral.id, "declined", NOW)

    entries = (
        reading().scalars(select(AuditEntry).where(AuditEntry.subject == "referral").order_by(AuditEntry.id)).all()
    )

    assert [(entry.act, entry.facts.get("to")) for entry in entries] == [("ask", None), ("move", "declined")]
    assert entries[0].facts == {"request": request.id, "provider": provider.id, "channel": "mail"}
    assert reading().scalars(select(OutboxMessage.params)).all() == [{"referral": referral.id}]
