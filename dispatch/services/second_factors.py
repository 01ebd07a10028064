"""Look after one's second factors: set up, rename and remove them, make recovery codes; take all from who lost them.

Every change asks for a fresh proof in this session. It must not show a secret again that has been shown.
"""

from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.domain import second_factors as rules
from dispatch.domain.errors import Invalid, Missing, ProofNeeded
from dispatch.domain.permissions import Act, Actor, Role, Subject, require
from dispatch.domain.second_factors import FactorChange, FactorKind
from dispatch.models import SecondFactor, SignInStep, User
from dispatch.services import (
    accounts,
    audit,
    factor_mails,
    factor_proofs,
    options,
    passkeys,
    recovery_codes,
    sealing,
    sign_in_steps,
)
from dispatch.services.factor_proofs import SEALED_FOR
from dispatch.services.passkeys import Site
from dispatch.services.transactions import reading, run
from dispatch.services.user_pages import load


@dataclass(frozen=True)
class Factor:
    """A factor as its owner sees it."""

    id: int
    kind: FactorKind
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Overview:
    """One's factors; `is_open`: they may be changed now, `has_password`: one without factors can prove that."""

    factors: tuple[Factor, ...]
    codes_left: int
    is_open: bool
    has_password: bool


@dataclass(frozen=True)
class SetUp:
    """What is needed to set up a factor: JSON for the browser, or what an app shares: secret and address."""

    kind: FactorKind
    passkey: str = ""
    shared_secret: str = ""
    address: str = ""


@dataclass(frozen=True)
class Made:
    """A factor that somebody set up: at which step, its name as typed, and the proof that it works."""

    step_secret: str
    name: str
    proof: factor_proofs.Proof


def overview(actor: Actor, secret: str, now: datetime) -> Overview:
    """Return what the page of one's factors shows."""
    user = _owner(reading(), actor)
    rows = factor_proofs.list_of(reading(), user.id)
    login = accounts.get_session(reading(), actor, secret)
    return Overview(
        tuple(Factor(row.id, FactorKind(row.kind), row.name, row.created_at, row.last_used_at) for row in rows),
        recovery_codes.left(user.id) if rows else 0,
        rules.is_proof_fresh(login.created_at, login.proved_at, bool(rows), now),
        user.password_hash is not None,
    )


def is_missing(account: accounts.Account) -> bool:
    """Tell whether somebody gets nowhere before a second factor is set up."""
    return not account.has_factor and rules.must_set_up(account.role, False, options.read(rules.DEFAULT))


def require_proof(actor: Actor, secret: str, now: datetime) -> None:
    """Raise ProofNeeded when there is a factor and none was proved just now: before a way in past it is opened."""
    factors = factor_proofs.list_of(reading(), actor.user_id or 0)
    login = accounts.get_session(reading(), actor, secret)
    if factors and not rules.is_proof_fresh(login.created_at, login.proved_at, True, now):
        raise ProofNeeded


def begin_set_up(actor: Actor, secret: str, kind: FactorKind, now: datetime, *, site: Site) -> str:
    """Begin to set up a factor and return the secret of the step. Raises ProofNeeded, and Invalid (`too_many`)."""

    def use_case(session: Session) -> str:
        user, factors = _opened(session, actor, secret, now)
        if len(factors) >= rules.MOST_FACTORS:
            raise Invalid({"": ("too_many_factors",)})
        sealed = None
        if kind is FactorKind.TOTP:
            sealed = sealing.seal(pyotp.random_base32(), site.key, purpose=SEALED_FOR)
        return sign_in_steps.begin(session, user.id, sign_in_steps.ENROL, now, sealed_secret=sealed)

    return run(use_case)


def find_set_up(actor: Actor, step_secret: str, now: datetime, *, site: Site) -> SetUp | None:
    """Return what is needed to go on with a step that was begun, None when it has ended."""
    user, step = _owner(reading(), actor), sign_in_steps.find(step_secret, sign_in_steps.ENROL, now)
    if step is None or step.user_id != user.id:
        return None
    if step.sealed_secret is None:
        known = [each for each in factor_proofs.list_of(reading(), user.id) if each.kind == FactorKind.PASSKEY]
        return SetUp(FactorKind.PASSKEY, passkeys.creation_options(site, user, step.challenge or "", known))
    shared = sealing.unseal(step.sealed_secret, site.key, purpose=SEALED_FOR)
    if shared is None:
        return None
    address = pyotp.TOTP(shared).provisioning_uri(name=user.email, issuer_name=site.name)
    return SetUp(FactorKind.TOTP, shared_secret=shared, address=address)


def add(actor: Actor, secret: str, made: Made, now: datetime, *, site: Site) -> tuple[str, ...]:
    """Add the factor of a step once it was tried; return the recovery codes that the first one brings, else none.

    The first one counts as proved in this session. Raises Missing when the step has ended, and Invalid at `name`,
    `code` or `passkey`.
    """

    def use_case(session: Session) -> tuple[str, ...]:
        user = _owner(session, actor, lock=True)
        step = sign_in_steps.take(session, made.step_secret, sign_in_steps.ENROL, now)
        if step is None or step.user_id != user.id:
            raise Missing
        is_first = not factor_proofs.list_of(session, user.id)
        factor = _tried(step, made.proof, now, site)
        factor.name = rules.check_name(made.name)
        session.add(factor)
        session.delete(step)
        audit.record(session, actor, "add_factor", ("user", user.id), now, facts={"kind": factor.kind})
        factor_mails.tell(session, user, rules.ADDED[FactorKind(factor.kind)], now)
        session.flush()
        if not is_first:
            return ()
        accounts.get_session(session, actor, secret).proved_at = now
        return recovery_codes.make(session, user.id, now, key=site.key)

    try:
        return run(use_case)
    except IntegrityError as error:  # the authenticator's passkey belongs to an account already
        raise Invalid({"passkey": ("wrong_passkey",)}) from error


def rename(actor: Actor, secret: str, factor_id: int, name: str, now: datetime) -> None:
    """Give a factor another name. Raises ProofNeeded, Missing, and Invalid at `name`."""

    def use_case(session: Session) -> None:
        user, factors = _opened(session, actor, secret, now)
        _one(factors, factor_id).name = rules.check_name(name)
        audit.record(session, actor, "rename_factor", ("user", user.id), now)

    run(use_case)


def remove(actor: Actor, secret: str, factor_id: int, now: datetime) -> None:
    """Remove a factor; with the last one the recovery codes go.

    Raises ProofNeeded, Missing, and Invalid (`last_factor`) where one is required.
    """

    def use_case(session: Session) -> None:
        user, factors = _opened(session, actor, secret, now)
        factor = _one(factors, factor_id)
        if not rules.may_remove(Role(user.role), len(factors), options.read(rules.DEFAULT)):
            raise Invalid({"": ("last_factor",)})
        session.delete(factor)
        if len(factors) == 1:
            recovery_codes.forget(session, user.id)
        audit.record(session, actor, "remove_factor", ("user", user.id), now, facts={"kind": factor.kind})
        factor_mails.tell(session, user, FactorChange.REMOVED, now)

    run(use_case)


def renew_codes(actor: Actor, secret: str, now: datetime, *, key: str) -> tuple[str, ...]:
    """Make new recovery codes; the former ones end. Raises ProofNeeded, Missing without any factor."""

    def use_case(session: Session) -> tuple[str, ...]:
        user, factors = _opened(session, actor, secret, now)
        if not factors:
            raise Missing
        audit.record(session, actor, "renew_recovery_codes", ("user", user.id), now)
        factor_mails.tell(session, user, FactorChange.CODES_RENEWED, now)
        return recovery_codes.make(session, user.id, now, key=key)

    return run(use_case)


def reset(actor: Actor, user_id: int, now: datetime) -> int:
    """Remove all factors and recovery codes of somebody who lost them, end the sessions; return how many factors.

    Raises Missing when there is no such account.
    """
    require(actor, Act.USER_EDIT)

    def use_case(session: Session) -> int:
        user = load(session, user_id, lock=True)
        gone = session.execute(
            delete(SecondFactor).where(SecondFactor.user_id == user_id).returning(SecondFactor.id),
            execution_options={"synchronize_session": False},
        ).all()
        recovery_codes.forget(session, user_id)
        accounts.end_sessions(session, user_id, now)
        audit.record(session, actor, "reset_factors", ("user", user_id), now, facts={"removed": len(gone)})
        if gone:
            factor_mails.tell(session, user, FactorChange.RESET, now)
        return len(gone)

    return run(use_case)


def _tried(step: SignInStep, proof: factor_proofs.Proof, now: datetime, site: Site) -> SecondFactor:
    values = {"user_id": step.user_id, "created_at": now, "name": ""}
    if step.sealed_secret is None:
        made = passkeys.read_creation(site, proof.passkey, step.challenge or "")
        return SecondFactor(
            kind=FactorKind.PASSKEY.value,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=made.transports or None,
            **values,
        )
    shared = sealing.unseal(step.sealed_secret, site.key, purpose=SEALED_FOR)
    if not proof.code.strip():
        raise Invalid({"code": ("required",)})
    code = rules.read_time_code(proof.code)
    time_step = factor_proofs.step_of_code(shared, code, now, None) if shared and code else None
    if time_step is None:
        raise Invalid({"code": ("wrong_time_code",)})
    return SecondFactor(kind=FactorKind.TOTP.value, sealed_secret=step.sealed_secret, last_step=time_step, **values)


def _opened(session: Session, actor: Actor, secret: str, now: datetime) -> tuple[User, list[SecondFactor]]:
    """Return who asks, locked, and the factors; raises ProofNeeded unless one of them was proved just now."""
    user = _owner(session, actor, lock=True)
    login = accounts.get_session(session, actor, secret)
    factors = factor_proofs.list_of(session, user.id)
    if not rules.is_proof_fresh(login.created_at, login.proved_at, bool(factors), now):
        raise ProofNeeded
    return user, factors


def _owner(session: Session, actor: Actor, *, lock: bool = False) -> User:
    require(actor, Act.ACCOUNT_EDIT, Subject(user_id=actor.user_id))
    return load(session, actor.user_id or 0, lock=lock)


def _one(factors: list[SecondFactor], factor_id: int) -> SecondFactor:
    found = next((each for each in factors if each.id == factor_id), None)
    if found is None:
        raise Missing
    return found
