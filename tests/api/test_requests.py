"""Programs book, read, list and change requests: by the rules and rights of the pages."""

from typing import Any

import pytest
from sqlalchemy import delete

from dispatch.database import db, run
from dispatch.models import IdempotencyKey, Organisation, Request, User
from tests.api.conftest import Program, ProgramFor
from tests.builders import START, Builder
from tests.services.booking import acts, offer_states, stored
from tests.statements import counted

BODY: dict[str, Any] = {
    "languages": ["prs"], "setting": "parent_talk", "mode": "on_site", "consent": "known",
    "starts_at": "2026-12-01T09:00:00+01:00", "ends_at": "2026-12-01T10:00:00+01:00",
    "place": {"municipality": "14627140", "address": "Schulstraße 4", "note": "2. Stock"},
    "contact": {"name": "Sekretariat", "phone": "03521 000210"}, "gender": {"value": "female", "strict": False},
    "notes": "Bitte pünktlich",
}  # fmt: skip


@pytest.fixture
def office(build: Builder) -> User:
    return build.user()


@pytest.fixture
def program(program_for: ProgramFor, office: User) -> Program:
    return program_for(office)


def test_a_program_books_and_reads_what_it_booked(program: Program, office: User, build: Builder) -> None:
    build.mediator()

    booked = program.post("/requests", BODY)

    made = booked.get_json()
    assert (booked.status_code, booked.headers["Location"]) == (201, f"/api/v1/requests/{made['id']}")
    assert {"state": "submitted", "revision": 1, "organisation": office.organisation_id}.items() <= made.items()
    assert made["answer_by"].endswith("Z")
    assert made["case_token"]
    assert made["starts_at"] == "2026-12-01T08:00:00Z"
    assert made["contact"] == {"name": "Sekretariat", "phone": "+493521000210"}
    assert program.get(f"/requests/{made['id']}").get_json() == made


WRONG: list[tuple[dict[str, Any], dict[str, list[str]]]] = [
    ({"place": None}, {"place": ["required"], "place.address": ["required"]}),
    ({"place": {"municipality": "1"}}, {"place.address": ["required"], "place.municipality": ["unknown"]}),
    ({"languages": ["xx"]}, {"languages": ["unknown"]}),
    ({"organisation": 999}, {"organisation": ["unknown"]}),
    ({"ends_at": None}, {"ends_at": ["required"]}),
    ({"policy": "direct"}, {"policy": ["not_allowed"]}),
    ({"preferred_mediators": [1]}, {"preferred_mediators": ["unknown"]}),
    ({"caller": {"phone": "no"}}, {"caller": ["not_allowed"], "caller.phone": ["not_a_phone"]}),
    ({"channel": "phone"}, {"on_behalf": ["required"]}),
    ({"client_name": "A"}, {"client_name": ["unknown_field"]}),
    ({"starts_at": "2026-12-01T09:00:00"}, {"starts_at": ["not_an_instant"]}),
]


def test_what_does_not_hold_is_told_by_field(program: Program) -> None:
    answers = [program.post("/requests", BODY | change) for change, _ in WRONG]

    assert {answer.status_code for answer in answers} == {422}
    assert [answer.get_json()["errors"] for answer in answers] == [errors for _, errors in WRONG]


def test_a_repeated_booking_is_one_request_even_where_the_first_answer_was_lost(program: Program) -> None:
    first = program.post("/requests", BODY, key="k").get_json()
    run(lambda session: session.execute(delete(IdempotencyKey), execution_options={"synchronize_session": False}))

    again = program.post("/requests", BODY, key="k").get_json()

    assert again["id"] == first["id"]
    assert program.post("/requests", BODY, key="k2").get_json()["id"] != first["id"]


def test_a_coordinator_books_for_a_unit_and_says_how_it_came(
    program_for: ProgramFor, office: User, build: Builder
) -> None:
    coordinator, mediator = program_for(build.user("coordinator")), build.mediator()
    told = {"on_behalf": True, "channel": "phone", "caller": {"name": "Frau Beispiel", "phone": "03521 1"}}

    without = coordinator.post("/requests", BODY)
    booked = coordinator.post(
        "/requests", BODY | told | {"organisation": office.organisation_id, "preferred_mediators": [mediator.id]}
    )

    made = booked.get_json()
    assert without.get_json()["errors"] == {"organisation": ["required"]}
    assert (booked.status_code, made["channel"], made["preferred_mediators"]) == (201, "phone", [mediator.id])
    assert made["caller"] == {"name": "Frau Beispiel", "phone": "+4935211", "email": None}


def test_a_block_of_talks_ends_where_its_last_one_does(program: Program) -> None:
    body = {name: value for name, value in BODY.items() if name != "ends_at"}

    made = program.post("/requests", body | {"talks": [{"minutes": 20, "reference": "1"}, {"minutes": 25}]}).get_json()

    assert (made["ends_at"], made["case_token"]) == ("2026-12-01T08:45:00Z", None)
    assert [(talk["starts_at"][11:16], talk["reference"]) for talk in made["talks"]] == [
        ("08:00", "1"),
        ("08:20", None),
    ]


def test_a_change_of_a_part_leaves_the_rest_and_raises_the_revision_only_where_it_must(
    program: Program, build: Builder
) -> None:
    made = program.post("/requests", BODY).get_json()
    path = f"/requests/{made['id']}"
    build.offer(stored(made["id"]), build.mediator())

    noted = program.patch(path, {"version": made["version"], "notes": None, "contact": {"phone": "03521 5"}})
    moved = program.patch(path, {"version": noted.get_json()["version"], "place": {"address": "Schulstraße 5"}})

    first, second = noted.get_json(), moved.get_json()
    assert (noted.status_code, first["revision"], first["notes"]) == (200, 1, None)
    assert first["contact"] == {"name": "Sekretariat", "phone": "+4935215"}
    assert (second["revision"], second["place"]) == (2, made["place"] | {"address": "Schulstraße 5"})
    assert second["gender"] == made["gender"]
    assert offer_states(made["id"]) == [("withdrawn", "changed")]
    assert acts(made["id"])[-2:] == [("edit", None), ("edit", None)]


def test_a_change_names_the_version_it_was_made_from(program: Program) -> None:
    made = program.post("/requests", BODY).get_json()
    path = f"/requests/{made['id']}"

    answers = [program.patch(path, body) for body in ({"notes": "a"}, {"version": 1, "languages": []})]

    assert [(one.status_code, one.get_json()["code"]) for one in answers] == [(422, "invalid"), (409, "stale")]
    assert answers[0].get_json()["errors"] == {"version": ["required"]}
    assert answers[1].get_json()["version"] == made["version"]


def test_an_assigned_request_is_moved_by_its_appointment(program: Program, office: User, build: Builder) -> None:
    row = build.request(organisation_id=office.organisation_id, state="assigned")
    build.appointment(row, build.mediator())

    answer = program.patch(f"/requests/{row.id}", {"version": 1, "mode": "video", "notes": "x"})

    assert (answer.status_code, answer.get_json()["errors"]) == (422, {"mode": ["move_instead"]})


def rows_of(build: Builder, count: int, unit: int | None, **values: Any) -> list[Request]:
    return [build.request(organisation_id=unit, **values) for _ in range(count)]


def test_a_list_comes_in_pages_with_as_many_statements_for_three_as_for_one(
    program: Program, office: User, build: Builder
) -> None:
    first = rows_of(build, 1, office.organisation_id)
    build.request()  # another unit's
    program.get("/requests")
    with counted(db.engine) as for_one:
        program.get("/requests")
    ids = [row.id for row in first + rows_of(build, 2, office.organisation_id)]
    with counted(db.engine) as for_three:
        page = program.get("/requests?limit=2").get_json()
    rest = program.get(f"/requests?limit=2&cursor={page['next']}").get_json()

    assert [[one["id"] for one in found["items"]] for found in (page, rest)] == [ids[:2], ids[2:]]
    assert rest["next"] is None
    assert (len(for_three), len(for_one)) == (3, 3)


NARROWED = {
    "state=searching": 0, "state=submitted": 1, "language=prs": 1, "language=ti": 0,
    "from=2026-12-01T09:00:00%2B01:00": 1, "from=2026-12-01T08:00:01Z": 0, "to=2026-12-01T08:00:00Z": 0,
}  # fmt: skip


def test_a_list_is_narrowed(program: Program, office: User, build: Builder) -> None:
    rows_of(build, 1, office.organisation_id, starts_at=START)

    assert {query: len(program.get(f"/requests?{query}").get_json()["items"]) for query in NARROWED} == NARROWED
    assert program.get("/requests?language=xx").get_json()["errors"] == {"language": ["unknown"]}


def test_a_list_tells_little_of_sensitive_and_hardly_anything_of_protected_cases(
    program: Program, office: User, build: Builder
) -> None:
    for protection in ("normal", "sensitive", "protected"):
        rows_of(build, 1, office.organisation_id, protection=protection)

    items = program.get("/requests").get_json()["items"]

    told = [[name for name in ("setting", "mode", "place") if item[name]] for item in items]
    assert told == [["setting", "mode", "place"], ["mode", "place"], []]


@pytest.mark.parametrize(
    ("role", "tells", "hides"),
    [
        ("own unit", {"notes", "reference", "contact", "case_token"}, set[str]()),
        ("coordinator", {"notes", "reference", "contact", "case_token"}, set[str]()),
        ("regional_coordinator", {"contact", "case_token"}, {"notes", "reference"}),
        ("granted sight", {"setting", "place"}, {"notes", "reference", "contact", "case_token", "consent", "talks"}),
    ],
)  # fmt: skip
def test_a_reader_is_told_what_the_page_tells(
    program_for: ProgramFor, office: User, build: Builder, role: str, tells: set[str], hides: set[str]
) -> None:
    row = build.request(organisation_id=office.organisation_id, notes="Notiz", reference="AZ 1")
    reader = office if role == "own unit" else build.user("requester" if role == "granted sight" else role)
    if role == "granted sight":
        build.sight(reader.organisation_id, db.session.get_one(Organisation, office.organisation_id))
    if role == "regional_coordinator":
        build.area(reader, "Meißen", START.date().replace(month=11, day=1))

    read = program_for(reader).get(f"/requests/{row.id}")

    assert read.status_code == 200
    assert tells <= set(read.get_json())
    assert hides.isdisjoint(read.get_json())
    assert "address" in read.get_json()["place"] or role == "granted sight"


def test_who_moves_a_request_out_of_sight_is_told_what_came_of_it(program_for: ProgramFor, build: Builder) -> None:
    regional = build.user("regional_coordinator")
    build.area(regional, "Meißen", START.date().replace(month=11, day=1))
    row, program = build.request(), program_for(regional)

    moved = program.patch(f"/requests/{row.id}", {"version": 1, "place": {"municipality": "14627230"}})

    assert (moved.status_code, moved.get_json()["place"]["municipality"]) == (200, "14627230")
    assert program.get(f"/requests/{row.id}").status_code == 404


def test_who_reads_of_a_sensitive_case_is_noted(program_for: ProgramFor, build: Builder) -> None:
    row = build.request(protection="sensitive")

    program_for(build.user("coordinator")).get(f"/requests/{row.id}")

    assert acts(row.id) == [("read", None)]


def test_what_others_have_does_not_exist(program: Program, build: Builder) -> None:
    foreign = build.request()
    protected = build.request(protection="protected")

    paths = [f"/requests/{row.id}" for row in (foreign, protected)]

    assert {program.get(path).status_code for path in paths} == {404}
    assert {program.patch(path, {"nonsense": 1}).status_code for path in paths} == {404}
