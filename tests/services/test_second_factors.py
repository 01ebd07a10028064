"""One's second factors: nothing changes without a fresh proof, and nothing that is kept tells a secret."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select

from dispatch.domain.errors import Missing, ProofNeeded
from dispatch.domain.permissions import SYSTEM, Actor, Role
from dispatch.domain.second_factors import FactorRule
from dispatch.models import AuditEntry, OutboxMessage, RecoveryCode, SecondFactor, User
from dispatch.services import accounts, factor_proofs, option_changes, second_factors
from dispatch.services.factor_proofs import Proof
from dispatch.services.passwords import CHEAP
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder
from tests.services.factoring import KEY, LATER, OLD, PASSWORD, SITE, Person, acts, is_in, refused, told


@pytest.fixture
def wolf(build: Builder) -> Person:
    """A coordinator who has just signed in with a password and has no second factor."""
    person = Person(build)
    person.enter()
    return person


@pytest.mark.parametrize("act", ["add", "rename", "remove", "codes"])
def test_nothing_changes_without_a_fresh_proof(wolf: Person, act: str) -> None:
    codes = wolf.add_app()
    wolf.secret = wolf.prove(wolf.enter(NOW).secret, NOW, code=codes[0])
    factor = reading().scalars(select(SecondFactor.id)).one()
    doing: dict[str, Callable[[datetime], object]] = {
        "add": wolf.add_app,
        "rename": lambda now: second_factors.rename(wolf.actor, wolf.secret, factor, "Neu", now),
        "remove": lambda now: second_factors.remove(wolf.actor, wolf.secret, factor, now),
        "codes": lambda now: second_factors.renew_codes(wolf.actor, wolf.secret, now, key=KEY),
    }

    with pytest.raises(ProofNeeded):
        doing[act](OLD)
    step = factor_proofs.begin_confirming(wolf.actor, OLD)
    former = wolf.secret
    wolf.secret = factor_proofs.confirm(wolf.actor, former, step, Proof(code=codes[1]), OLD, client="here", site=SITE)

    doing[act](OLD)
    assert (is_in(former, OLD), is_in(wolf.secret, OLD)) == (False, True)


def test_the_password_proves_only_where_there_is_no_factor(wolf: Person) -> None:
    with pytest.raises(ProofNeeded):
        wolf.add_app(OLD)
    wrong = refused(lambda: factor_proofs.confirm_by_password(wolf.actor, wolf.secret, "wrong", OLD, passwords=CHEAP))
    wolf.secret = factor_proofs.confirm_by_password(wolf.actor, wolf.secret, PASSWORD, OLD, passwords=CHEAP)
    wolf.add_app(OLD)

    assert wrong == {"old": ("wrong_password",)}
    with pytest.raises(ProofNeeded):
        factor_proofs.confirm_by_password(wolf.actor, wolf.secret, PASSWORD, OLD, passwords=CHEAP)


def test_a_wrong_code_or_name_sets_nothing_up(wolf: Person) -> None:
    assert refused(lambda: wolf.add_app(code="000000")) == {"code": ("wrong_time_code",)}
    assert refused(lambda: wolf.add_app(name=" ")) == {"name": ("required",)}
    assert reading().scalar(select(func.count()).select_from(SecondFactor)) == 0


def test_one_device_holds_one_passkey_of_the_service(wolf: Person) -> None:
    wolf.add_passkey()

    assert refused(wolf.add_passkey) == {"passkey": ("wrong_passkey",)}


def test_the_last_factor_takes_the_recovery_codes_along_unless_one_is_required(wolf: Person) -> None:
    codes = wolf.add_app()
    wolf.secret = wolf.prove(wolf.enter(LATER).secret, code=codes[0])
    factor = reading().scalars(select(SecondFactor.id)).one()

    option_changes.save(SYSTEM, "second_factors", {"staff": FactorRule.REQUIRED}, 0, LATER)
    required = refused(lambda: second_factors.remove(wolf.actor, wolf.secret, factor, LATER))
    option_changes.save(SYSTEM, "second_factors", {"staff": FactorRule.ADVISED}, 1, LATER)
    second_factors.remove(wolf.actor, wolf.secret, factor, LATER)

    assert required == {"": ("last_factor",)}
    assert reading().scalar(select(func.count()).select_from(RecoveryCode)) == 0
    assert told()[-1] == ("wolf@example.org", "ar", "removed")


def test_factors_of_others_do_not_exist(wolf: Person, build: Builder) -> None:
    wolf.add_app()
    factor = reading().scalars(select(SecondFactor.id)).one()
    other: User = build.user("coordinator")
    secret = run(lambda session: accounts.begin_session(session, other.id, NOW))

    with pytest.raises(Missing):
        second_factors.remove(Actor(other.id, Role.COORDINATOR), secret, factor, NOW)


def test_the_administration_takes_all_factors_from_who_lost_them(wolf: Person) -> None:
    codes = wolf.add_app()
    wolf.secret = wolf.prove(wolf.enter(LATER).secret, code=codes[0])

    removed = second_factors.reset(SYSTEM, wolf.user.id, LATER)

    assert (removed, is_in(wolf.secret), wolf.enter(LATER).awaits_factor) == (1, False, False)
    assert told()[-1] == ("wolf@example.org", "ar", "reset")
    assert acts()[-2:] == ["reset_factors", "sign_in"]


def test_nothing_that_is_kept_tells_a_secret(wolf: Person) -> None:
    codes = wolf.add_app()

    kept = str([
        *reading().execute(select(SecondFactor.sealed_secret)), *reading().execute(select(RecoveryCode.code_hash)),
        *reading().execute(select(AuditEntry.facts)), *reading().execute(select(OutboxMessage.params)),
    ])  # fmt: skip

    assert [
        word for word in (wolf.shared_secret, *codes, *(code.replace("-", "") for code in codes)) if word in kept
    ] == []
