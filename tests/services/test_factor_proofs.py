"""Signing in with two factors: nobody gets around the second one, and no proof counts twice."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from dispatch.domain.accounts import link_ends_at
from dispatch.domain.errors import Missing, Throttled
from dispatch.domain.second_factors import STEP_LASTS
from dispatch.models import SecondFactor, SignInStep
from dispatch.services import account_links, accounts, factor_proofs, links
from dispatch.services.factor_proofs import Proof
from dispatch.services.passkeys import Site
from dispatch.services.passwords import CHEAP
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder
from tests.services.factoring import KEY, LATER, SITE, Person, acts, is_in, refused, told


@pytest.fixture
def wolf(build: Builder) -> Person:
    """A coordinator who has just signed in with a password and has no second factor."""
    person = Person(build)
    person.enter()
    return person


def test_after_the_password_a_code_is_asked_for_and_begins_the_session(wolf: Person) -> None:
    codes = wolf.add_app()

    entry = wolf.enter(LATER)
    secret = wolf.prove(entry.secret, code=wolf.code(LATER))

    assert (len(set(codes)), entry.awaits_factor, is_in(entry.secret), is_in(secret)) == (10, True, False, True)
    assert told() == [("wolf@example.org", "ar", "totp_added")]
    assert acts() == ["sign_in", "add_factor", "prove_password", "sign_in"]


def test_a_passkey_begins_the_session_and_its_count_must_rise(wolf: Person) -> None:
    wolf.add_passkey()
    first, second = wolf.enter(LATER).secret, wolf.enter(LATER).secret

    secret = wolf.prove(first, passkey=wolf.device.sign(wolf.asked(first)))
    copied = refused(lambda: wolf.prove(second, passkey=wolf.device.sign(wolf.asked(second), counts=False)))

    assert (is_in(secret), copied) == (True, {"passkey": ("wrong_passkey",)})
    assert reading().execute(select(SecondFactor.sign_count, SecondFactor.transports)).one() == (1, "usb")


@pytest.mark.parametrize(
    "site",
    [
        pytest.param(replace(SITE, origin="https://dienst.example.evil.example"), id="another origin"),
        pytest.param(replace(SITE, host="evil.example"), id="another host"),
        pytest.param(replace(SITE, host=None), id="no host that knows passkeys"),
    ],
)
def test_an_answer_given_elsewhere_is_refused(wolf: Person, site: Site) -> None:
    wolf.add_passkey()
    step = wolf.enter(LATER).secret
    answer = wolf.device.sign(wolf.asked(step))

    found = refused(lambda: factor_proofs.sign_in(step, Proof(passkey=answer), LATER, client="here", site=site))

    assert found == {"passkey": ("wrong_passkey",)}


def test_a_challenge_is_answered_once(wolf: Person) -> None:
    wolf.add_passkey()
    step = wolf.enter(LATER).secret
    answer = wolf.device.sign(wolf.asked(step))

    refused(lambda: wolf.prove(step, passkey="{}"))
    again = refused(lambda: wolf.prove(step, passkey=answer))

    assert again == {"passkey": ("wrong_passkey",)}


def test_an_answer_of_any_make_is_no_proof(wolf: Person) -> None:
    wolf.add_passkey()
    step = wolf.enter(LATER).secret
    answers = ("{", "[]", "null", '"\\ud800"', '{"id": 1}', '{"id":"AA","rawId":"AA"}', "9" * 9999, "9" * 99_999)

    found = [refused(partial(wolf.prove, step, passkey=answer)) for answer in answers]

    assert found == [{"passkey": ("wrong_passkey",)}] * len(answers)


def test_a_code_of_the_app_counts_once(wolf: Person) -> None:
    wolf.add_app()
    first, second = wolf.enter(LATER).secret, wolf.enter(LATER).secret
    code = wolf.code(LATER)

    wolf.prove(first, code=code)

    assert refused(lambda: wolf.prove(second, code=code)) == {"code": ("wrong_code",)}
    assert is_in(wolf.prove(second, code=wolf.code(LATER + timedelta(seconds=30))))


def test_the_code_that_set_the_app_up_is_used(wolf: Person) -> None:
    wolf.add_app()

    step = wolf.enter(NOW).secret

    assert refused(lambda: wolf.prove(step, NOW, code=wolf.code(NOW))) == {"code": ("wrong_code",)}


def test_a_recovery_code_counts_once_and_its_owner_is_told(wolf: Person) -> None:
    code = wolf.add_app()[3]
    first, second = wolf.enter(LATER).secret, wolf.enter(LATER).secret

    secret = wolf.prove(first, code=code.lower().replace("-", " "))

    assert is_in(secret)
    assert refused(lambda: wolf.prove(second, code=code)) == {"code": ("wrong_code",)}
    assert told()[1:] == [("wolf@example.org", "ar", "code_used")]


def test_a_step_ends_with_its_use_after_a_while_and_with_all_sessions(wolf: Person) -> None:
    codes = wolf.add_app()
    used, late, ended = (wolf.enter(LATER).secret for _each in range(3))

    wolf.prove(used, code=codes[0])
    with pytest.raises(Missing):
        wolf.prove(used, code=codes[1])
    with pytest.raises(Missing):
        wolf.prove(late, LATER + STEP_LASTS, code=codes[1])
    run(lambda session: accounts.end_sessions(session, wolf.user.id, LATER))
    with pytest.raises(Missing):
        wolf.prove(ended, code=codes[1])

    assert reading().scalar(select(func.count()).select_from(SignInStep)) == 0


def test_guessing_is_slowed_down_here_and_the_owner_still_gets_in_elsewhere(wolf: Person) -> None:
    codes = wolf.add_app()
    step = wolf.enter(LATER).secret
    for _try in range(10):
        refused(lambda: wolf.prove(step, code="000000"))

    with pytest.raises(Throttled):
        wolf.prove(step, code=codes[0])

    assert is_in(wolf.prove(step, client="elsewhere", code=codes[0]))


@pytest.mark.parametrize("purpose", ["reset", "login"])
def test_a_mailed_link_does_not_go_around_the_factor(wolf: Person, purpose: str) -> None:
    wolf.add_app()
    token = links.issue(purpose, wolf.user.id, key=KEY, now=LATER, expires_at=link_ends_at(purpose, LATER))

    if purpose == "reset":
        new = "blaue Lampe am Steg"
        entry = account_links.redeem("reset", token, new, LATER, client="here", passwords=CHEAP)
    else:
        entry = account_links.redeem_login(token, LATER, client="here")

    assert (entry.awaits_factor, is_in(entry.secret)) == (True, False)
