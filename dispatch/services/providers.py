"""Keep the providers, the help from outside: enter, change, list, and find who serves a request.

It must not ask any of them; that is `services.outside`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain import providers
from dispatch.domain.errors import Missing, Stale
from dispatch.domain.permissions import Act, Actor, require
from dispatch.domain.providers import NewProvider, TypedProvider
from dispatch.domain.referrals import HELPING
from dispatch.models import Provider, ProviderLanguage, Referral
from dispatch.reference import languages
from dispatch.services import options
from dispatch.services.audit import record
from dispatch.services.mediators import Found
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import reading, run

_PLAIN = ("name", "phone", "email", "url", "hours", "hint", "active")


def every(actor: Actor) -> list[tuple[Provider, int]]:
    """Return every provider, active ones first, with how often it helped; raises Forbidden. Two statements."""
    require(actor, Act.PROVIDER_VIEW)
    helped = (
        select(func.count())
        .where(Referral.provider_id == Provider.id, Referral.state.in_(HELPING))
        .correlate(Provider)
        .scalar_subquery()
    )
    wanted = select(Provider, helped).options(selectinload(Provider.languages))
    found = reading().execute(wanted.order_by(Provider.active.desc(), Provider.name, Provider.id))
    return [(row, number) for row, number in found]


def get(actor: Actor, provider_id: int) -> Provider:
    """Return one provider with its languages; raises Missing and Forbidden."""
    require(actor, Act.PROVIDER_VIEW)
    return load(reading(), provider_id)


def create(actor: Actor, typed: TypedProvider, now: datetime, *, found: Found | None = None) -> Provider:
    """Enter a provider; raises Invalid, with what the edge `found` too, and Forbidden."""
    require(actor, Act.PROVIDER_EDIT)

    def use_case(session: Session) -> Provider:
        new = _check(session, typed, None, found)
        row = Provider(created_at=now, version=1, languages=[])
        _write(row, new)
        session.add(row)
        session.flush()
        record(session, actor, "create", ("provider", row.id), now)
        return row

    return run(use_case)


def update(
    actor: Actor, provider_id: int, typed: TypedProvider, version: int, now: datetime, *, found: Found | None = None
) -> Provider:
    """Change a record; raises Invalid, Missing, or Stale when somebody else changed it since `version`."""
    require(actor, Act.PROVIDER_EDIT)

    def use_case(session: Session) -> Provider:
        row = load(session, provider_id, lock=True)
        if row.version != version:
            raise Stale(version, row.version)
        fields = _write(row, _check(session, typed, row.id, found))
        if fields:
            row.version += 1
            record(session, actor, "update", ("provider", row.id), now, facts={"fields": fields})
        return row

    return run(use_case)


def typed_of(row: Provider) -> TypedProvider:
    """Return a stored record as if it were typed, for a form to change."""
    plain: dict[str, Any] = {name: getattr(row, name) or "" for name in _PLAIN if name != "active"}
    codes = tuple(one.code for one in row.languages)
    return TypedProvider(**plain, kind=row.kind, active=row.active, languages=codes)


def serving(session: Session, asked: Sequence[str]) -> list[Provider]:
    """Return the active providers that serve one of the asked languages, those of few languages first."""
    wanted = select(Provider).where(Provider.active).options(selectinload(Provider.languages))
    found = [row for row in session.scalars(wanted) if providers.serves([one.code for one in row.languages], asked)]
    return sorted(found, key=lambda row: (not row.languages, len(row.languages), row.name, row.id))


def load(session: Session, provider_id: int, *, lock: bool = False) -> Provider:
    """Return a provider with its languages, locked for a write if wanted; raises Missing."""
    row = None
    if 0 < provider_id <= LARGEST_ID:
        wanted = select(Provider).where(Provider.id == provider_id).options(selectinload(Provider.languages))
        row = session.scalar(wanted.with_for_update() if lock else wanted)
    if row is None:
        raise Missing
    return row


def _check(session: Session, typed: TypedProvider, own: int | None, found: Found | None) -> NewProvider:
    others = select(Provider.name).where(Provider.id != (own or 0))
    return providers.check(
        typed,
        {one.code for one in languages.all_languages()},
        taken=set(session.scalars(others)),
        found=found,
        options=options.read(providers.DEFAULT),
    )


def _write(row: Provider, new: NewProvider) -> list[str]:
    """Write the record and return the names of the fields that changed."""
    values = {**{name: getattr(new, name) for name in _PLAIN}, "kind": new.kind.value}
    changed = [name for name, value in values.items() if getattr(row, name, None) != value]
    for name in changed:
        setattr(row, name, values[name])
    if _write_languages(row, new.languages):
        changed.append("languages")
    return changed


def _write_languages(row: Provider, codes: Iterable[str]) -> bool:
    wanted, stored = set(codes), {one.code: one for one in row.languages}
    for code in set(stored) - wanted:
        row.languages.remove(stored[code])
    row.languages.extend(ProviderLanguage(code=code) for code in sorted(wanted - set(stored)))
    return wanted != set(stored)
