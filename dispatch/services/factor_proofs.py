"""Check a proof of a second factor: at sign-in, and again before one's factors are changed.

A right proof is used up with its step; a wrong one is counted against the throttle before it is looked at.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

import pyotp
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from dispatch.domain import accounts as account_rules
from dispatch.domain import second_factors as rules
from dispatch.domain.errors import Invalid, Missing, ProofNeeded
from dispatch.domain.permissions import SYSTEM, Act, Actor, Role, Subject, require
from dispatch.domain.second_factors import FactorChange, FactorKind
from dispatch.models import SecondFactor, User
from dispatch.services import (
    accounts,
    audit,
    entries,
    factor_mails,
    options,
    passkeys,
    recovery_codes,
    sealing,
    sign_in_steps,
    sign_ins,
    throttles,
)
from dispatch.services.passkeys import Site
from dispatch.services.passwords import Passwords
from dispatch.services.transactions import reading, run

RECOVERY = "recovery_code"
SEALED_FOR = "second factor"
T = TypeVar("T")


@dataclass(frozen=True)
class Proof:
    """What was sent: what stands in the field for codes, or the answer of a browser about a passkey."""

    code: str = ""
    passkey: str = ""


class Question(NamedTuple):
    """What the page that asks for a proof offers; `passkey` is JSON for the browser, None when no passkey is asked."""

    user_id: int
    passkey: str | None
    has_factor: bool


def ask(step_secret: str, purpose: str, now: datetime, *, site: Site) -> Question | None:
    """Return what is asked at this step, None when it has ended."""
    step = sign_in_steps.find(step_secret, purpose, now)
    if step is None:
        return None
    known = list_of(reading(), step.user_id)
    return Question(step.user_id, passkeys.request_options(site, step.challenge or "", _passkeys(known)), bool(known))


def sign_in(step_secret: str, proof: Proof, now: datetime, *, client: str, site: Site) -> str:
    """Begin the session for which a second factor was awaited and return its secret.

    Raises Missing when the step has ended, Throttled, and Invalid at `code` (`required`, `wrong_code`) or `passkey`
    (`wrong_passkey`): the step then goes on, with another challenge.
    """

    def enter(session: Session, user: User, used: str) -> str:
        audit.record(session, _actor(user), "sign_in", ("user", user.id), now, facts={"factor": used})
        return accounts.begin_session(session, user.id, now, is_proved=True)

    return _proved(_Try(step_secret, sign_in_steps.SIGN_IN, proof, client), now, site, enter)


def begin_confirming(actor: Actor, now: datetime) -> str:
    """Begin the step in which who is signed in proves a factor again, and return its secret."""
    user_id = _own(actor)
    return run(lambda session: sign_in_steps.begin(session, user_id, sign_in_steps.CONFIRM, now))


def confirm(
    actor: Actor, secret: str, step_secret: str, proof: Proof, now: datetime, *, client: str, site: Site
) -> str:
    """Prove a factor in this session, which goes on under the secret that is returned. Raises as `sign_in`."""
    user_id = _own(actor)

    def renew(session: Session, user: User, used: str) -> str:
        audit.record(session, actor, "prove_factor", ("user", user.id), now, facts={"factor": used})
        return accounts.renew_session(session, secret, user.id, now, is_proved=True)

    tried = _Try(step_secret, sign_in_steps.CONFIRM, proof, client, user_id)
    return _proved(tried, now, site, renew)


def confirm_by_password(actor: Actor, secret: str, password: str, now: datetime, *, passwords: Passwords) -> str:
    """Show by the password who one is, without any factor so far; return the secret under which the session goes on.

    Raises ProofNeeded when there is a factor or no password, Throttled, and Invalid at `old` (`wrong_password`).
    """
    user = reading().get(User, _own(actor))
    if user is None or not user.active:
        raise Missing
    if not user.password_hash or entries.has_factor(reading(), user.id):
        raise ProofNeeded
    sign_ins.confirm_password(user, password, now, passwords)

    def renew(session: Session) -> str:
        if entries.has_factor(session, user.id):
            raise ProofNeeded
        audit.record(session, actor, "prove_password", ("user", user.id), now)
        return accounts.renew_session(session, secret, user.id, now)

    return run(renew)


def list_of(session: Session, user_id: int) -> list[SecondFactor]:
    """Return the factors of a user, the oldest first."""
    return list(session.scalars(select(SecondFactor).where(SecondFactor.user_id == user_id).order_by(SecondFactor.id)))


def step_of_code(shared_secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """Return the time step to which a code of an app belongs, None when it is wrong, too old or used."""
    codes = pyotp.TOTP(shared_secret)
    for step in rules.steps_that_count(now, last_step):
        if hmac.compare_digest(codes.generate_otp(step), code):
            return step
    return None


class _Try(NamedTuple):
    """A proof on its way: at which step, and whose it must be where somebody is signed in."""

    step_secret: str
    purpose: str
    proof: Proof
    client: str
    user_id: int | None = None

    def owner(self, now: datetime) -> int:
        """Return whose step it is. Raises Missing when it has ended or is somebody else's."""
        step = sign_in_steps.find(self.step_secret, self.purpose, now)
        if step is None or self.user_id not in {None, step.user_id}:
            raise Missing
        return step.user_id


def _proved(tried: _Try, now: datetime, site: Site, go_on: Callable[[Session, User, str], T]) -> T:
    user_id, limits = tried.owner(now), options.read(account_rules.DEFAULT)
    here = throttles.bucket("factor", str(user_id), tried.client)
    everywhere = throttles.bucket("factor", str(user_id))

    def use_case(session: Session) -> T:
        user = session.scalar(select(User).where(User.id == user_id, User.active).with_for_update())
        step = sign_in_steps.take(session, tried.step_secret, tried.purpose, now)
        if user is None or step is None:
            raise Missing
        used = _check(session, user, tried.proof, step.challenge or "", now, site=site)
        session.delete(step)
        throttles.give_back(session, here, everywhere)
        throttles.clear(session, here)
        return go_on(session, user, used)

    def note_failure(session: Session) -> None:
        sign_in_steps.ask_anew(session, tried.step_secret)
        audit.record(session, SYSTEM, "factor_failed", ("user", user_id), now)

    run(lambda session: throttles.take(session, {here: limits.factor_here, everywhere: limits.factor_account}, now))
    try:
        return run(use_case)
    except Invalid:
        run(note_failure)
        raise


def _check(session: Session, user: User, proof: Proof, challenge: str, now: datetime, *, site: Site) -> str:
    """Use up the proof and return what was proved; raises Invalid."""
    factors = list_of(session, user.id)
    if proof.passkey:
        found, count = passkeys.prove(site, proof.passkey, challenge, _passkeys(factors))
        found.sign_count, found.last_used_at = count, now
        return found.kind
    if not proof.code.strip():
        raise Invalid({"code": ("required",)})
    digits, signs = rules.read_time_code(proof.code), rules.read_recovery_code(proof.code)
    if digits and any(_use_time_code(session, each, digits, now, site.key) for each in factors):
        return FactorKind.TOTP.value
    if signs and recovery_codes.use(session, user.id, signs, now, key=site.key):
        factor_mails.tell(session, user, FactorChange.CODE_USED, now)
        return RECOVERY
    raise Invalid({"code": ("wrong_code",)})


def _use_time_code(session: Session, factor: SecondFactor, code: str, now: datetime, key: str) -> bool:
    """Use up the time step of a code; of two who send the same code at once one succeeds."""
    shared_secret = sealing.unseal(factor.sealed_secret or "", key, purpose=SEALED_FOR)
    step = step_of_code(shared_secret, code, now, factor.last_step) if shared_secret else None
    if step is None:
        return False
    is_later = or_(SecondFactor.last_step.is_(None), SecondFactor.last_step < step)
    used = session.execute(
        update(SecondFactor)
        .where(SecondFactor.id == factor.id, is_later)
        .values(last_step=step, last_used_at=now)
        .returning(SecondFactor.id),
        execution_options={"synchronize_session": False},
    )
    return used.first() is not None


def _passkeys(factors: list[SecondFactor]) -> list[SecondFactor]:
    return [each for each in factors if each.kind == FactorKind.PASSKEY]


def _actor(user: User) -> Actor:
    return Actor(user.id, Role(user.role))


def _own(actor: Actor) -> int:
    require(actor, Act.ACCOUNT_EDIT, Subject(user_id=actor.user_id))
    return actor.user_id or 0
