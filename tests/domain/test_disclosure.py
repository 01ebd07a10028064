"""What is told to whom: domain.md 8 as a table."""

import pytest

from dispatch.domain.disclosure import (
    Fact,
    Reader,
    Surface,
    is_read_audited,
    reader_of,
    reasons_told,
    told,
)
from dispatch.domain.permissions import SYSTEM, Act, Actor, Role, Scope, Subject, bearer, may, reaches_protected
from dispatch.domain.ranking import Criterion
from dispatch.domain.settings import Protection

F = Fact
N, S, P = Protection.NORMAL, Protection.SENSITIVE, Protection.PROTECTED
WHEN = {F.LANGUAGE, F.DAY, F.TIME}
FRAME = WHEN | {F.NUMBER, F.DIALECT, F.MODE, F.DEADLINE, F.WHY}
MEETING = {F.ADDRESS, F.CONTACT, F.MEETING_NOTE, F.ACCESS, F.ORGANISATION}
FULL = FRAME | MEETING | {F.TOWN, F.GROUP, F.SETTING, F.KM, F.WAY_MINUTES}
NAMED = Actor(1, Role.COORDINATOR, handles_protected=True)
UNNAMED = Actor(2, Role.COORDINATOR)
REGIONAL = Actor(3, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"}), handles_protected=True)


@pytest.mark.parametrize(
    ("surface", "protection", "reader", "facts"),
    [
        (Surface.MESSAGE, N, Reader.MEDIATOR, FRAME | {F.TOWN, F.GROUP, F.KM, F.WAY_MINUTES}),
        (Surface.MESSAGE, S, Reader.MEDIATOR, FRAME | {F.AREA, F.KM_UP}),
        (Surface.MESSAGE, P, Reader.MEDIATOR, set()),
        (Surface.MESSAGE, P, Reader.OFFICE, set()),
        (Surface.MESSAGE, N, Reader.COORDINATION, set()),
        (Surface.APPOINTMENT, N, Reader.MEDIATOR, FULL),
        (Surface.APPOINTMENT, S, Reader.MEDIATOR, FULL),
        (Surface.APPOINTMENT, P, Reader.MEDIATOR, WHEN | {F.NUMBER, F.DIALECT, F.MODE, F.MEETING_POINT}),
        (Surface.APPOINTMENT, P, Reader.COORDINATION, set()),
        (Surface.LIST, P, Reader.NAMED, WHEN | {F.NUMBER}),
        (Surface.LIST, P, Reader.OFFICE, WHEN | {F.NUMBER}),
        (Surface.LIST, P, Reader.COORDINATION, set()),
    ],
)  # fmt: skip
def test_what_is_told(surface: Surface, protection: Protection, reader: Reader, facts: set[Fact]) -> None:
    assert told(surface, protection, reader) == facts


@pytest.mark.parametrize("reader", Reader)
def test_a_list_shows_the_group_of_what_is_sensitive_instead_of_its_setting(reader: Reader) -> None:
    assert F.SETTING not in told(Surface.LIST, S, reader)


@pytest.mark.parametrize("protection", Protection)
@pytest.mark.parametrize("reader", Reader)
def test_a_record_tells_number_and_time_only(protection: Protection, reader: Reader) -> None:
    assert told(Surface.RECORD, protection, reader) == {F.NUMBER, F.TIME}


def test_reasons_for_asking_tell_no_place_no_office_and_no_field_of_what_is_sensitive() -> None:
    assert reasons_told(S) == {Criterion.LANGUAGE, Criterion.WISHES, Criterion.WAY, Criterion.FAIR_SHARE}
    assert (reasons_told(N), reasons_told(P)) == (frozenset(Criterion), frozenset())


@pytest.mark.parametrize(
    ("actor", "reader"),
    [
        (NAMED, Reader.NAMED),
        (UNNAMED, Reader.COORDINATION),
        (REGIONAL, Reader.COORDINATION),
        (SYSTEM, Reader.NAMED),
        (bearer("offer", 1, mediator_id=5), Reader.MEDIATOR),
        (Actor(4, Role.REQUESTER), Reader.OFFICE),
    ],
    ids=["named", "unnamed", "regional", "jobs", "link", "office"],
)
def test_as_whom_somebody_reads(actor: Actor, reader: Reader) -> None:
    assert reader_of(actor) is reader


@pytest.mark.parametrize(
    ("protection", "reader", "is_noted"),
    [(N, Reader.NAMED, False), (S, Reader.COORDINATION, True), (S, Reader.MEDIATOR, True), (P, Reader.OFFICE, False)],
)
def test_reading_is_noted(protection: Protection, reader: Reader, is_noted: bool) -> None:
    assert is_read_audited(protection, reader) is is_noted


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        (NAMED, True),
        (UNNAMED, False),
        (REGIONAL, False),
        (SYSTEM, True),
        (Actor(4, Role.REQUESTER, organisation_ids=frozenset({7})), True),
        (Actor(5, Role.REQUESTER, organisation_ids=frozenset({8})), False),
        (Actor(6, Role.ADMINISTRATOR), False),
        (Actor(7, Role.OBSERVER), False),
    ],
    ids=["named", "unnamed", "regional", "jobs", "own unit", "another unit", "administrator", "observer"],
)
def test_for_whom_a_protected_request_exists(actor: Actor, sees: bool) -> None:
    assert may(actor, Act.REQUEST_VIEW, Subject(organisation_id=7, area="Riesa", is_protected=True)) is sees


def test_a_mediator_keeps_her_own_protected_appointment() -> None:
    assert reaches_protected(Actor(9, Role.MEDIATOR, mediator_id=5), Scope.OWN)
