"""Decide why a request stayed without anybody, as it is counted among the unmet need.

It never decides who fits: the conditions that failed are handed in by person.
"""

from collections.abc import Collection, Iterable

from dispatch.domain.eligibility import Code
from dispatch.domain.lifecycle import OfferState, UnfilledReason

_BY_TIME = frozenset({Code.REACHABLE, Code.DECLINED})
"""Conditions that fail for everybody once the start has passed, or that say nothing about the pool."""

_REASONS = (
    (UnfilledReason.TOO_FAR, {Code.DISTANCE}),
    (UnfilledReason.DOCUMENT_MISSING, {Code.UNDERTAKING, Code.QUALIFICATION}),
    (UnfilledReason.NOBODY_FREE, {Code.AVAILABILITY, Code.CONFLICT, Code.LIMIT}),
)


def unfilled_reason(offers: Collection[OfferState], failures: Iterable[Collection[Code]]) -> UnfilledReason:
    """Return the reason from the offers of the revision, else from what kept the nearest speakers away.

    `failures` holds for each person of the pool the conditions that do not hold. Whoever fails least speaks for
    the others; where several fail equally, the way counts before documents, and these before time.
    """
    if offers:
        all_declined = all(state is OfferState.DECLINED for state in offers)
        return UnfilledReason.ALL_DECLINED if all_declined else UnfilledReason.NOBODY_FREE
    speakers = [set(codes) - _BY_TIME for codes in failures if Code.LANGUAGE not in codes]
    if not speakers:
        return UnfilledReason.NOBODY_SPEAKS
    fewest = min(map(len, speakers))
    if fewest == 0:
        return UnfilledReason.TOO_LATE
    nearest = set().union(*(codes for codes in speakers if len(codes) == fewest))
    return next((reason for reason, codes in _REASONS if nearest & codes), UnfilledReason.OTHER)
