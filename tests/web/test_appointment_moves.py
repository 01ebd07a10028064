"""The form of a move: from its values to a proposal, what does not hold or fit said beside what was typed."""

from datetime import timedelta

import pytest

from dispatch.models import User
from tests.appointment_cases import Case, again, booked, states
from tests.browsing import post
from tests.builders import START, Builder
from tests.web.conftest import ClientFor

MOVE = {
    "day": "02.12.2026", "start": "9:00", "length": "60", "place": "Meißen", "address": "Schulstraße 4",
    "version": "1",
}  # fmt: skip


@pytest.fixture
def case(build: Builder) -> Case:
    return booked(build)


def office_of(build: Builder, case: Case) -> User:
    return build.user("requester", organisation_id=case.request.organisation_id)


def path(case: Case) -> str:
    return f"/appointments/{case.appointment.id}/move"


def test_a_move_goes_from_its_form_to_a_proposal(build: Builder, client_for: ClientFor, case: Case) -> None:
    browser = client_for(office_of(build, case))

    form = browser.get(path(case))
    moved = post(browser, path(case), MOVE)

    assert (form.status_code, moved.status_code) == (200, 302)
    assert again(case.appointment).starts_at == START + timedelta(days=1)
    assert states(case) == ("proposed", "assigned")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param({"day": "31.02.2027"}, "Please type a date that exists, such as 01.12.2026.", id="no date"),
        pytest.param({"day": "28.03.2027", "start": "2:30"}, "This time does not exist", id="missing hour"),
        pytest.param({"day": "31.10.2027", "start": "2:30"}, "This time exists twice", id="doubled hour"),
        pytest.param({"day": "23.11.2026"}, "This time is over.", id="past"),
        pytest.param({"length": "1500"}, "24 hours at most", id="25 hours"),
        pytest.param({"length": "8:00"}, "The end must come after the beginning", id="end before start"),
        pytest.param({"place": "Atlantis"}, "We do not know this place", id="unknown place"),
        pytest.param({"address": "Markt\x00 1"}, "invisible characters", id="control characters"),
    ],
)
def test_a_move_that_does_not_hold_keeps_what_was_typed(
    build: Builder, client_for: ClientFor, case: Case, changed: dict[str, str], sentence: str
) -> None:
    browser = client_for(office_of(build, case))

    answer = post(browser, path(case) + "?lang=en", MOVE | {"place_note": "Tor 2"} | changed)

    assert (answer.status_code, sentence in answer.text, "Tor 2" in answer.text) == (422, True, True)
    assert states(case) == ("confirmed", "assigned")


def test_a_move_that_does_not_fit_says_why_and_offers_the_search(
    build: Builder, client_for: ClientFor, case: Case
) -> None:
    browser = client_for(office_of(build, case))
    build.span(case.mediator, "absence", START + timedelta(days=1), START + timedelta(days=2))

    refused = post(browser, path(case) + "?lang=en", MOVE)
    searched = post(browser, path(case), MOVE | {"search_again": "1"})

    assert (refused.status_code, "Not free at this time" in refused.text) == (409, True)
    assert 'name="search_again"' in refused.text
    assert (searched.status_code, states(case)) == (302, ("released", "searching"))


def test_a_stale_move_shows_how_things_stand(build: Builder, client_for: ClientFor, case: Case) -> None:
    browser = client_for(office_of(build, case))
    post(browser, path(case), MOVE)

    answer = post(browser, path(case) + "?lang=en", MOVE | {"day": "03.12.2026"})

    assert (answer.status_code, "Nothing has been moved" in answer.text) == (409, True)


def test_from_the_third_move_on_the_office_reads_the_number_to_call(
    build: Builder, client_for: ClientFor, case: Case
) -> None:
    browser = client_for(office_of(build, case))
    for version, day in ((1, "02.12.2026"), (2, "03.12.2026")):
        post(browser, path(case), MOVE | {"day": day, "version": str(version)})

    answer = post(browser, path(case) + "?lang=en", MOVE | {"day": "04.12.2026", "version": "3"})

    assert (answer.status_code, "Please call 03521 000140." in answer.text) == (403, True)
    assert again(case.request).move_count == 2
