"""An office is told once that its promise has passed while nobody was found; nothing is closed by that."""

from typing import Any

import pytest

from dispatch.services import promises
from tests.builders import NOW, START, Builder
from tests.services.booking import acts, mails, stored

DUE: dict[str, dict[str, Any]] = {
    "in review": {"state": "in_review"},
    "received": {"state": "submitted"},
    "being placed": {"state": "searching"},
}

NOT_DUE: dict[str, dict[str, Any]] = {
    "somebody was found": {"state": "assigned"},
    "cancelled": {"state": "cancelled"},
    "told before": {"state": "searching", "promise_told_at": NOW},
    "promised for later": {"state": "searching", "answer_by": START},
    "no promise": {"state": "searching", "answer_by": None},
    "already begun": {"state": "searching", "starts_at": NOW},
}


@pytest.mark.parametrize("values", DUE.values(), ids=DUE)
def test_the_office_is_told_when_its_promise_passes(build: Builder, values: dict[str, Any]) -> None:
    request = build.request(answer_by=NOW, **values)

    told = promises.tell_passed_promises(NOW)

    row = stored(request.id)
    assert (told, row.promise_told_at, row.state) == (1, NOW, values["state"])
    assert mails(request.id) == [("request_nobody_yet", "schule@example.org", "queued")]
    assert acts(request.id) == [("promise_passed", None)]


@pytest.mark.parametrize("values", NOT_DUE.values(), ids=NOT_DUE)
def test_nobody_is_told_where_nothing_was_broken(build: Builder, values: dict[str, Any]) -> None:
    request = build.request(**{"answer_by": NOW, **values})

    told = promises.tell_passed_promises(NOW)

    assert (told, mails(request.id)) == (0, [])


def test_an_office_is_told_once(build: Builder) -> None:
    request = build.request(state="searching", answer_by=NOW)
    promises.tell_passed_promises(NOW)

    again = promises.tell_passed_promises(NOW)

    assert (again, len(mails(request.id))) == (0, 1)


def test_an_office_without_address_is_told_by_a_person(build: Builder) -> None:
    unit = build.organisation(contact_email=None)
    request = build.request(organisation_id=unit.id, state="searching", answer_by=NOW)

    told = promises.tell_passed_promises(NOW)

    assert (told, mails(request.id), stored(request.id).promise_told_at) == (1, [], NOW)
