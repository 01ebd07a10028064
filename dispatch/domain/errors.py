"""Decide how a use case says no: one class per outcome, each with its data; never a text for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """The nature of a refusal; each edge (pages, API, commands) turns it into one status."""

    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    GONE = "gone"
    THROTTLED = "throttled"
    BUSY = "busy"


class Refusal(Exception):
    """A use case refused; `code` is a stable word in snake_case, nothing was changed."""

    kind: ClassVar[Kind]
    code: ClassVar[str]


class Invalid(Refusal):
    """Typed values do not hold; `errors` maps a field to its codes, `""` to those of the whole form."""

    kind = Kind.INVALID
    code = "invalid"

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {field: tuple(codes) for field, codes in errors.items()}
        super().__init__(f"{self.errors}")


class NotTaken(Invalid):
    """The district's table of intake refuses this field of work to this kind of organisation.

    `text` says why and `alternative` where else to turn, in the district's own words.
    """

    code = "not_taken"

    def __init__(self, text: str | None, alternative: str | None) -> None:
        self.text, self.alternative = text, alternative
        super().__init__({"setting": ("not_taken",)})


class Forbidden(Refusal):
    """The actor may see the subject but not do this act."""

    kind = Kind.FORBIDDEN
    code = "forbidden"


class ApprovalNeeded(Forbidden):
    """The office has done this as often as it may by itself; the coordination can do it."""

    code = "approval_needed"


class ProofNeeded(Forbidden):
    """One changes one's second factors only a short while after having proved the present one."""

    code = "proof_needed"


class Missing(Refusal):
    """There is no such thing, or none that this actor may know of (the two are never told apart)."""

    kind = Kind.MISSING
    code = "missing"


class MoveRefused(Refusal):
    """The lifecycle table has no move from `state` to `target` for this `subject` (a glossary word)."""

    kind = Kind.CONFLICT
    code = "move_refused"

    def __init__(self, subject: str, state: str, target: str) -> None:
        self.subject, self.state, self.target = subject, state, target
        super().__init__(f"{subject}: {state} -> {target}")


class Stale(Refusal):
    """Somebody else saved first: `expected` is the version the form began with, `current` today's."""

    kind = Kind.CONFLICT
    code = "stale"

    def __init__(self, expected: int, current: int) -> None:
        self.expected, self.current = expected, current
        super().__init__(f"version {expected}, now {current}")


class CallSettled(Refusal):
    """Somebody else has recorded this call, or its cause has ended; what was typed changed nothing."""

    kind = Kind.CONFLICT
    code = "call_settled"


class AlreadyTaken(Refusal):
    """Another mediator's acceptance was first, or a second appointment of one request was tried."""

    kind = Kind.CONFLICT
    code = "already_taken"


class AlreadyClaimed(Refusal):
    """A colleague looks after the request already: who, by id and name, and since when."""

    kind = Kind.CONFLICT
    code = "already_claimed"

    def __init__(self, user_id: int, name: str, since: datetime) -> None:
        self.user_id, self.name, self.since = user_id, name, since
        super().__init__(f"user {user_id} since {since.isoformat()}")


class DoubleBooked(Refusal):
    """A live appointment of the same mediator overlaps: the guard of the database refused the row."""

    kind = Kind.CONFLICT
    code = "conflict"


class DoesNotFit(Refusal):
    """Hard conditions fail now; `codes` are those of `eligibility.Code`, in its order."""

    kind = Kind.CONFLICT
    code = "does_not_fit"

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        super().__init__(", ".join(self.codes))


class PeopleDoNotFit(DoesNotFit):
    """Some of the people a coordinator picked do not fit; `by_mediator` holds the codes of each by id."""

    def __init__(self, by_mediator: Mapping[int, Sequence[str]]) -> None:
        self.by_mediator = {number: tuple(codes) for number, codes in by_mediator.items()}
        super().__init__(tuple(dict.fromkeys(code for codes in self.by_mediator.values() for code in codes)))


class NoLongerFits(DoesNotFit):
    """At acceptance a hard condition failed that held when the offer was sent."""

    code = "no_longer_fits"


class OfferClosed(Refusal):
    """The offer was withdrawn or its request is closed; `cause` as in `lifecycle.WithdrawalCause`."""

    kind = Kind.GONE
    code = "offer_closed"

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(cause)


class LinkExpired(Refusal):
    """A link of ours was genuine and is spent or too old."""

    kind = Kind.GONE
    code = "link_expired"


class AlreadyStarted(Refusal):
    """The act needs a start ahead of now."""

    kind = Kind.CONFLICT
    code = "already_started"


class KeyReused(Refusal):
    """A key of a repeated call was used before for another call."""

    kind = Kind.INVALID
    code = "idempotency_key_reused"


class KeyAtWork(Refusal):
    """The first call under this key has no answer yet."""

    kind = Kind.CONFLICT
    code = "idempotency_key_at_work"


class Throttled(Refusal):
    """Too many tries; the next one is allowed at `until`."""

    kind = Kind.THROTTLED
    code = "throttled"

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until.isoformat())


class Busy(Refusal):
    """The database stayed locked beyond the waiting time; nothing was changed and a retry may work."""

    kind = Kind.BUSY
    code = "busy"
