"""The page of a mediator's times: painted or typed, with an answer for every appointment under an absence."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.models import Appointment, AvailabilitySpan, Mediator, WeeklyWindow
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import START, Builder
from tests.web.conftest import ClientFor

GRID = {"week": "grid", "act": "save"}
LIST = {"week": "list", "act": "save"}
AWAY = {"absence_from": "30.11.2026", "absence_until": "2.12.2026"}


@pytest.fixture
def mediator(build: Builder) -> Mediator:
    """A mediator with two windows on Monday."""
    return build.mediator(weekly=((0, 480, 720), (0, 840, 960)))


@pytest.fixture
def client(build: Builder, client_for: ClientFor, mediator: Mediator) -> FlaskClient:
    """Her browser, in English."""
    return client_for(build.user("mediator", mediator_id=mediator.id, ui_language="en"))


def address(mediator: Mediator) -> str:
    return f"/mediators/{mediator.id}/availability"


def painted(page: str) -> list[str]:
    return re.findall(r'name="w" value="([0-9-]+)" checked', page)


def windows() -> list[tuple[int, int, int]]:
    first = select(WeeklyWindow).where(WeeklyWindow.mediator_id == 1)
    rows = reading().scalars(first.order_by(WeeklyWindow.weekday, WeeklyWindow.start_minute))
    return [(row.weekday, row.start_minute, row.end_minute) for row in rows]


def spans() -> list[tuple[str, str, str]]:
    rows = reading().scalars(select(AvailabilitySpan).order_by(AvailabilitySpan.starts_at))
    return [(row.kind, f"{row.starts_at:%d %H:%M}", f"{row.ends_at:%d %H:%M}") for row in rows]


def errors_of(page: str) -> list[str]:
    summary = re.search(r'class="errors__list">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r'href="#([^"]*)"', summary[1]) if summary else []


def test_the_week_is_read_at_a_glance(client: FlaskClient, mediator: Mediator) -> None:
    page = client.get(address(mediator)).text

    assert painted(page) == ["0-8", "0-9", "0-10", "0-11", "0-14", "0-15"]
    assert re.findall(r"<dt>([^<]*)</dt><dd>([^<]+)</dd>", page) == [("Monday", "8–12 and 14–16")]
    assert "<strong data-total>6 hours</strong>" in page


def test_her_own_times_have_a_short_address(client: FlaskClient, mediator: Mediator) -> None:
    assert client.get("/availability").headers["Location"] == address(mediator)


def test_boxes_are_saved_as_merged_windows(client: FlaskClient, mediator: Mediator) -> None:
    response = post(client, address(mediator), {**GRID, "w": ["1-8", "1-9", "6-22", "9-9", "x", "1-25"]})

    assert (response.status_code, windows()) == (302, [(1, 480, 600), (6, 1320, 1380)])


def test_every_hour_of_every_day_may_be_painted(client: FlaskClient, mediator: Mediator) -> None:
    boxes = [f"{day}-{hour}" for day in range(7) for hour in range(24)]

    response = post(client, address(mediator), {**GRID, "w": boxes})

    assert (response.status_code, len(windows())) == (302, 7)


def test_a_week_that_a_grid_would_cut_is_shown_as_a_list(build: Builder, client_for: ClientFor) -> None:
    mediator = build.mediator(weekly=((0, 510, 720),))
    page = client_for(build.user("mediator", mediator_id=mediator.id)).get(address(mediator)).text

    assert 'name="week" value="list"' in page
    assert 'name="window-0-start" type="text" value="08:30"' in page


def test_the_list_takes_minutes_midnight_and_validity(client: FlaskClient, mediator: Mediator) -> None:
    typed = {
        "window-0": "4", "window-0-start": "8.30 Uhr", "window-0-end": "24:00", "window-0-from": "1.12.2026",
        "window-1": "", "window-1-start": "", "window-1-end": "",
    }  # fmt: skip

    response = post(client, address(mediator), LIST | typed)

    row = reading().scalars(select(WeeklyWindow)).one()
    assert (response.status_code, response.headers["Location"]) == (302, f"{address(mediator)}?as=list")
    assert (windows(), str(row.valid_from)) == ([(4, 510, 1440)], "2026-12-01")


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"window-0": "0", "window-0-start": "9", "window-0-end": "8"}, ["window-0-end"]),
        ({"window-0": "0", "window-0-start": "9", "window-0-end": ""}, ["window-0-end"]),
        ({"window-0": "", "window-0-start": "9", "window-0-end": "10"}, ["window-0"]),
        ({"window-0": "7", "window-0-start": "9", "window-0-end": "10"}, ["window-0"]),
        ({"window-0": "0", "window-0-start": "neun", "window-0-end": "25:00"}, ["window-0-start", "window-0-end"]),
        (
            {"window-2": "0", "window-2-start": "9", "window-2-end": "10", "window-2-from": "2.12.2026",
             "window-2-until": "1.12.2026"},
            ["window-2-until"],
        ),
        ({"absence_until": "2.12.2026"}, ["absence_from"]),
        ({"absence_from": "2.12.2026", "absence_until": "30.11.2026"}, ["absence_until"]),
        ({"absence_from": "gestern"}, ["absence_from"]),
        ({"absence_from": "1.11.2026"}, ["absence_from"]),
        ({"absence_from": "28.03.2027", "absence_start": "02:30"}, ["absence_start"]),
        ({"absence_from": "31.12.9999"}, ["absence_start", "absence_end"]),
        ({"absence_from": "1.12.2036"}, ["absence_from"]),
        ({"extra_day": "5.12.2026", "extra_start": "10:00"}, ["extra_end"]),
        ({"extra_day": "5.12.2026", "extra_start": "10:00", "extra_end": "09:00"}, ["extra_end"]),
        ({"extra_start": "10:00", "extra_end": "12:00"}, ["extra_day"]),
    ],
    ids=["end before start", "no end", "no day", "eighth day", "no times", "validity", "no first day", "days turned",
         "no day of the calendar", "over", "missing hour", "end of time", "too far", "extra without end",
         "extra turned", "extra without day"],
)  # fmt: skip
def test_bad_times_are_told_at_their_field_and_nothing_is_saved(
    client: FlaskClient, mediator: Mediator, typed: dict[str, str], fields: list[str]
) -> None:
    response = post(client, address(mediator), LIST | typed)

    assert (response.status_code, set(errors_of(response.text)) <= set(fields), bool(errors_of(response.text))) == (
        422, True, True,
    )  # fmt: skip
    assert (windows(), spans()) == ([(0, 480, 720), (0, 840, 960)], [])


def test_an_absence_is_whole_days_or_clock_times(client: FlaskClient, mediator: Mediator) -> None:
    post(client, address(mediator), AWAY)
    post(client, address(mediator), {"absence_from": "7.12.2026", "absence_start": "9", "absence_end": "12:30"})
    post(client, address(mediator), {"absence_from": "25.10.2027", "absence_start": "", "act": "save"})

    assert spans() == [
        ("absence", "29 23:00", "02 23:00"),
        ("absence", "07 08:00", "07 11:30"),
        ("absence", "24 22:00", "25 22:00"),
    ]


def test_a_doubled_hour_is_covered_whole(client: FlaskClient, mediator: Mediator) -> None:
    post(client, address(mediator), {"extra_day": "31.10.2027", "extra_start": "02:00", "extra_end": "03:00"})

    assert spans() == [("extra", "31 00:00", "31 02:00")]


def test_an_entry_is_deleted_with_what_else_was_typed(build: Builder, client: FlaskClient, mediator: Mediator) -> None:
    span = build.span(mediator, "extra", START, START + timedelta(hours=2))

    post(client, address(mediator), {**GRID, "act": f"drop-{span.id}", "w": ["2-9"]})

    assert (spans(), windows()) == ([], [(2, 540, 600)])


def test_the_clash_list_asks_before_anything_is_saved(build: Builder, client: FlaskClient, mediator: Mediator) -> None:
    appointment = build.appointment(build.request(state="assigned"), mediator)

    response = post(client, address(mediator), {**GRID, **AWAY, "w": ["2-9"]})

    page = response.text
    assert (response.status_code, spans(), painted(page)) == (409, [], ["2-9"])
    assert re.findall(rf'name="clash-{appointment.id}" value="(\w+)"( checked)?', page) == [
        ("keep", " checked"),
        ("hand_back", ""),
    ]
    assert 'name="absence_from" type="text" value="30.11.2026"' in page


@pytest.mark.parametrize(
    ("answer", "state"), [("keep", "confirmed"), ("hand_back", "handed_back")], ids=["kept", "handed back"]
)
def test_the_answer_saves_the_absence(
    build: Builder, client: FlaskClient, mediator: Mediator, answer: str, state: str
) -> None:
    appointment = build.appointment(build.request(state="assigned"), mediator)

    response = post(client, address(mediator), {**GRID, **AWAY, f"clash-{appointment.id}": answer})

    assert (response.status_code, len(spans())) == (302, 1)
    assert reading().scalar(select(Appointment.state)) == state


def test_a_coordinator_says_how_she_learnt_of_it(build: Builder, client_for: ClientFor, mediator: Mediator) -> None:
    appointment = build.appointment(build.request(state="assigned"), mediator)
    client = client_for(build.user("coordinator", ui_language="en"))
    typed: dict[str, Any] = {**GRID, **AWAY, f"clash-{appointment.id}": "hand_back"}

    unknown = post(client, address(mediator), typed | {"channel": "pigeon"})
    known = post(client, address(mediator), typed | {"channel": "phone"})

    assert (unknown.status_code, known.status_code) == (422, 302)
    assert reading().scalar(select(Appointment.state)) == "handed_back"


def test_others_read_or_find_nothing(build: Builder, client_for: ClientFor, mediator: Mediator) -> None:
    regional = client_for(build.user("regional_coordinator", ui_language="en"))
    stranger = client_for(build.user("mediator"))

    page = regional.get(address(mediator)).text

    assert ("data-paint" in page, 'type="submit" name="act"' in page) == (False, False)
    assert post(regional, address(mediator), GRID).status_code == 403
    assert stranger.get(address(mediator)).status_code == 404
    assert post(stranger, address(mediator), GRID).status_code == 404
    assert windows() == [(0, 480, 720), (0, 840, 960)]
