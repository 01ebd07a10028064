"""Why a request stayed without anybody, from its offers or from the nearest speakers."""

import pytest

from dispatch.domain.eligibility import Code
from dispatch.domain.lifecycle import OfferState, UnfilledReason
from dispatch.domain.unfilled import unfilled_reason

O, R = OfferState, UnfilledReason

BY_OFFERS = {
    "all declined": ([O.DECLINED, O.DECLINED], R.ALL_DECLINED),
    "one silent": ([O.DECLINED, O.EXPIRED], R.NOBODY_FREE),
    "withdrawn": ([O.WITHDRAWN], R.NOBODY_FREE),
}

BY_POOL: dict[str, tuple[list[set[Code]], UnfilledReason]] = {
    "empty pool": ([], R.NOBODY_SPEAKS),
    "nobody speaks it": ([{Code.LANGUAGE}, {Code.LANGUAGE, Code.DISTANCE}], R.NOBODY_SPEAKS),
    "not free": ([{Code.AVAILABILITY}], R.NOBODY_FREE),
    "booked": ([{Code.CONFLICT}], R.NOBODY_FREE),
    "weekly limit": ([{Code.LIMIT}], R.NOBODY_FREE),
    "too far": ([{Code.DISTANCE}], R.TOO_FAR),
    "document": ([{Code.UNDERTAKING}], R.DOCUMENT_MISSING),
    "only too late": ([{Code.REACHABLE}], R.TOO_LATE),
    "fits to the last": ([set()], R.TOO_LATE),
    "the nearest speaks": ([{Code.DISTANCE, Code.AVAILABILITY}, {Code.QUALIFICATION}], R.DOCUMENT_MISSING),
    "equally near: the way first": ([{Code.AVAILABILITY}, {Code.DISTANCE}], R.TOO_FAR),
    "something else": ([{Code.GENDER}], R.OTHER),
}


@pytest.mark.parametrize(("offers", "reason"), BY_OFFERS.values(), ids=BY_OFFERS)
def test_offers_speak_first(offers: list[OfferState], reason: UnfilledReason) -> None:
    assert unfilled_reason(offers, [{Code.LANGUAGE}]) is reason


@pytest.mark.parametrize(("failures", "reason"), BY_POOL.values(), ids=BY_POOL)
def test_without_offers_the_nearest_speakers_speak(failures: list[set[Code]], reason: UnfilledReason) -> None:
    assert unfilled_reason([], failures) is reason
