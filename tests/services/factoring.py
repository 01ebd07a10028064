"""Somebody who signs in with two factors, and what became of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Actor, Role
from dispatch.domain.second_factors import PROOF_LASTS, FactorKind
from dispatch.models import AuditEntry, OutboxMessage
from dispatch.services import accounts, factor_proofs, second_factors, sign_ins
from dispatch.services.entries import Entry
from dispatch.services.factor_proofs import Proof
from dispatch.services.passkeys import Site
from dispatch.services.passwords import CHEAP
from dispatch.services.transactions import reading
from tests.authenticators import Authenticator
from tests.builders import NOW, Builder

PASSWORD = "tanzende Giraffe"
KEY = "the key of this test"
SITE = Site(KEY, "Dolmetscherdienst", "dienst.example", "https://dienst.example")
LATER = NOW + timedelta(minutes=2)
OLD = NOW + PROOF_LASTS


class Person:
    """Somebody with an account: signs in, sets factors up and proves them."""

    def __init__(self, build: Builder, role: str = "coordinator") -> None:
        self.user = build.user(role, email="wolf@example.org", password_hash=CHEAP.hash(PASSWORD), ui_language="ar")
        self.actor = Actor(self.user.id, Role(role))
        self.secret = ""
        self.shared_secret = ""
        self.device = Authenticator(SITE.origin)

    def enter(self, now: datetime = NOW) -> Entry:
        """Go through the first factor; without a second one the session begins."""
        entry = sign_ins.sign_in(self.user.email, PASSWORD, now, client="here", passwords=CHEAP)
        self.secret = "" if entry.awaits_factor else entry.secret
        return entry

    def add_app(self, now: datetime = NOW, code: str | None = None, name: str = "Telefon") -> tuple[str, ...]:
        step = second_factors.begin_set_up(self.actor, self.secret, FactorKind.TOTP, now, site=SITE)
        found = second_factors.find_set_up(self.actor, step, now, site=SITE)
        assert found is not None
        self.shared_secret = found.shared_secret
        typed = self.code(now) if code is None else code
        made = second_factors.Made(step, name, Proof(code=typed))
        return second_factors.add(self.actor, self.secret, made, now, site=SITE)

    def add_passkey(self, now: datetime = NOW) -> tuple[str, ...]:
        step = second_factors.begin_set_up(self.actor, self.secret, FactorKind.PASSKEY, now, site=SITE)
        found = second_factors.find_set_up(self.actor, step, now, site=SITE)
        assert found is not None
        answer = self.device.make(found.passkey)
        made = second_factors.Made(step, "Schlüssel", Proof(passkey=answer))
        return second_factors.add(self.actor, self.secret, made, now, site=SITE)

    def code(self, now: datetime) -> str:
        return pyotp.TOTP(self.shared_secret).at(now)

    def asked(self, step: str, now: datetime = LATER) -> str:
        question = factor_proofs.ask(step, "sign_in", now, site=SITE)
        assert question is not None
        return question.passkey or ""

    @staticmethod
    def prove(step: str, now: datetime = LATER, *, client: str = "here", **proof: str) -> str:
        return factor_proofs.sign_in(step, Proof(**proof), now, client=client, site=SITE)


def refused(act: Callable[[], object]) -> dict[str, tuple[str, ...]]:
    with pytest.raises(Invalid) as refusal:
        act()
    return dict(refusal.value.errors)


def is_in(secret: str, now: datetime = LATER) -> bool:
    return accounts.find_session(secret, now) is not None


def told() -> list[object]:
    rows = reading().scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "factors_changed").order_by(OutboxMessage.id)
    )
    return [(row.recipient, row.locale, row.params["change"]) for row in rows]


def acts() -> list[str]:
    return list(reading().scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
