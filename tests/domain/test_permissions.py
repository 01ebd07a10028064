"""Who may do what to which thing, pair by pair."""

from dataclasses import replace

import pytest

from dispatch.domain.errors import Forbidden, Missing
from dispatch.domain.permissions import (
    ASSIGNABLE,
    SYSTEM,
    TABLE,
    Act,
    Actor,
    Role,
    Scope,
    Subject,
    bearer,
    is_shown,
    may,
    require,
    scope,
)

REQUESTER = Actor(1, Role.REQUESTER, organisation_ids=frozenset({10}))
LEADING = Actor(7, Role.REQUESTER, organisation_ids=frozenset({10}), leads_unit=True)
SEEING = Actor(8, Role.REQUESTER, organisation_ids=frozenset({10}), seen_ids=frozenset({10, 11}))
MEDIATOR = Actor(2, Role.MEDIATOR, mediator_id=20)
COORDINATOR = Actor(3, Role.COORDINATOR)
REGIONAL = Actor(4, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"}))
OBSERVER = Actor(5, Role.OBSERVER)
ADMINISTRATOR = Actor(6, Role.ADMINISTRATOR)
BEARER = bearer("offer", 30, mediator_id=20)
HOLDER = bearer("appointment", 50, mediator_id=20)
OFFICE = bearer("request", 40)

HERE = Subject(organisation_id=10, mediator_id=20, area="Riesa", key=("offer", 30))
ELSEWHERE = Subject(organisation_id=11, mediator_id=21, area="Meißen", key=("offer", 31))
MEETING = Subject(organisation_id=10, mediator_id=20, key=("appointment", 50), request_id=40)


def acts_of(role: Role) -> set[str]:
    return {act.value for act, row in TABLE.items() if role in row}


ACCOUNT = {"account_view", "account_edit", "program_admit"}
CASE_WORDS = ("request", "candidate", "offer", "appointment", "mediator", "availability", "pool")


def test_every_act_has_a_row() -> None:
    assert set(TABLE) == set(Act)
    assert [act for act, row in TABLE.items() if not row] == []


def test_a_requester_has_the_requests_and_appointments_of_the_unit() -> None:
    assert acts_of(Role.REQUESTER) - ACCOUNT == {
        "request_view", "request_view_notes", "request_create", "request_edit", "request_cancel",
        "appointment_view", "appointment_confirm", "appointment_decline", "appointment_move",
        "appointment_cancel", "appointment_record_absence", "organisation_view", "member_view", "member_invite",
        "member_disable", "unit_set_defaults", "unit_bar", "webhook_manage", "feed_view",
    }  # fmt: skip
    reached = {TABLE[act][Role.REQUESTER] for act in Act if act in acts_of(Role.REQUESTER) - ACCOUNT}
    assert reached == {Scope.OWN_UNIT, Scope.LED_UNIT, Scope.OWN}


def test_only_who_leads_a_unit_does_what_concerns_its_members_and_defaults() -> None:
    led = {act for act, row in TABLE.items() if row.get(Role.REQUESTER) is Scope.LED_UNIT}

    assert led == {Act.MEMBER_INVITE, Act.MEMBER_DISABLE, Act.UNIT_SET_DEFAULTS, Act.UNIT_BAR}
    assert [(may(REQUESTER, act), scope(REQUESTER, act)) for act in led] == [(False, None)] * 4
    assert [(may(LEADING, act, HERE), may(LEADING, act, ELSEWHERE)) for act in led] == [(True, False)] * 4


@pytest.mark.parametrize("act", Act)
def test_a_granted_sight_shows_and_lets_nobody_do_anything(act: Act) -> None:
    seen, private = Subject(organisation_id=11), Subject(organisation_id=11, is_private=True)

    assert may(SEEING, act, seen) is (act in {Act.REQUEST_VIEW, Act.APPOINTMENT_VIEW})
    assert (may(SEEING, act, private), may(SEEING, act, Subject(organisation_id=12))) == (False, False)
    assert may(SEEING, act, replace(private, organisation_id=10)) is may(REQUESTER, act, HERE)


def test_what_is_only_shown_is_told_apart() -> None:
    assert [is_shown(SEEING, Subject(organisation_id=one)) for one in (10, 11, 12)] == [False, True, False]
    assert is_shown(COORDINATOR, ELSEWHERE) is False


def test_a_mediator_has_her_own_offers_appointments_and_times() -> None:
    assert acts_of(Role.MEDIATOR) - ACCOUNT == {
        "offer_view", "offer_answer", "appointment_view", "appointment_confirm", "appointment_decline",
        "appointment_hand_back", "appointment_say_late", "appointment_step_back",
        "appointment_record_absence", "mediator_view", "mediator_view_documents", "availability_view",
        "availability_edit", "feed_view", "calendar_give",
    }  # fmt: skip
    assert {TABLE[act][Role.MEDIATOR] for act in Act if act in acts_of(Role.MEDIATOR) - ACCOUNT} == {Scope.OWN}


def test_a_coordinator_has_everything_but_users_audit_and_changing_options() -> None:
    closed = {act.value for act in Act} - acts_of(Role.COORDINATOR)

    assert closed == {"user_view", "user_create", "user_edit", "user_disable", "audit_view", "option_edit"}


def test_a_regional_coordinator_has_no_notes_no_documents_and_no_profile() -> None:
    closed = acts_of(Role.COORDINATOR) - acts_of(Role.REGIONAL_COORDINATOR)

    assert closed == {
        "request_view_notes", "request_review", "mediator_view", "mediator_view_documents", "mediator_create",
        "mediator_edit", "availability_edit", "pool_import", "pool_export", "organisation_create",
        "organisation_edit", "message_view", "message_retry", "note_view", "note_write", "duty_edit", "provider_edit",
        "option_view", "sight_grant", "member_view", "member_invite", "member_disable", "member_set_leading",
        "unit_set_defaults", "unit_bar", "mediator_confirm_data", "feed_view", "calendar_give", "resident_view",
        "resident_settle", "applicant_view", "applicant_edit", "feedback_view", "feedback_settle",
    }  # fmt: skip


def test_the_pool_is_open_to_a_regional_coordinator_beyond_the_area_by_name_and_time_only() -> None:
    everywhere = {act for act, row in TABLE.items() if row.get(Role.REGIONAL_COORDINATOR) is Scope.ALL}

    assert everywhere == {
        Act.MEDIATOR_FIND, Act.AVAILABILITY_VIEW, Act.DUTY_VIEW, Act.NEED_NOTE, Act.PROVIDER_VIEW,
    }  # fmt: skip


def test_an_observer_has_the_own_account_only() -> None:
    assert acts_of(Role.OBSERVER) == ACCOUNT


def test_an_administrator_has_no_case_data() -> None:
    assert acts_of(Role.ADMINISTRATOR) - ACCOUNT == {
        "user_view", "user_create", "user_edit", "user_disable", "audit_view", "organisation_view", "duty_view",
        "duty_edit", "provider_view", "provider_edit", "option_view", "option_edit", "sight_grant", "member_view",
        "member_invite", "member_disable", "member_set_leading", "webhook_manage", "feedback_view", "feedback_settle",
    }  # fmt: skip
    assert [act for act in acts_of(Role.ADMINISTRATOR) if act.startswith(CASE_WORDS)] == []


def test_a_link_opens_offers_and_appointments_and_lets_an_office_speak_for_its_request_only() -> None:
    assert acts_of(Role.LINK) == {
        "request_cancel",
        "offer_view", "offer_answer", "appointment_view", "appointment_confirm", "appointment_decline",
        "appointment_hand_back", "appointment_say_late", "appointment_step_back", "mediator_confirm_data",
        "feed_view", "calendar_give",
    }  # fmt: skip
    reached = {act: row[Role.LINK] for act, row in TABLE.items() if Role.LINK in row}
    assert set(reached.values()) == {Scope.THIS, Scope.OF_THIS}
    beyond = {act for act, reach in reached.items() if reach is Scope.OF_THIS}
    assert beyond == {Act.APPOINTMENT_CONFIRM, Act.APPOINTMENT_DECLINE}


def test_nobody_has_the_role_of_a_job_or_a_link() -> None:
    assert [role.value for role in ASSIGNABLE] == [
        "requester", "mediator", "coordinator", "regional_coordinator", "observer", "administrator",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("actor", "act", "subject", "allowed"),
    [
        (REQUESTER, Act.REQUEST_VIEW, HERE, True),
        (REQUESTER, Act.REQUEST_VIEW, ELSEWHERE, False),
        (REQUESTER, Act.REQUEST_VIEW, Subject(), False),
        (REQUESTER, Act.REQUEST_ASSIGN, HERE, False),
        (REQUESTER, Act.MEDIATOR_FIND, HERE, False),
        (Actor(9, Role.REQUESTER), Act.REQUEST_VIEW, Subject(), False),
        (MEDIATOR, Act.OFFER_ANSWER, HERE, True),
        (MEDIATOR, Act.OFFER_ANSWER, ELSEWHERE, False),
        (MEDIATOR, Act.OFFER_ANSWER, Subject(), False),
        (MEDIATOR, Act.REQUEST_VIEW, HERE, False),
        (MEDIATOR, Act.AVAILABILITY_EDIT, Subject(mediator_id=20), True),
        (MEDIATOR, Act.AVAILABILITY_EDIT, Subject(mediator_id=21, user_id=2), False),
        (Actor(2, Role.MEDIATOR), Act.OFFER_ANSWER, HERE, False),
        (COORDINATOR, Act.REQUEST_ASSIGN, ELSEWHERE, True),
        (COORDINATOR, Act.USER_VIEW, Subject(user_id=1), False),
        (REGIONAL, Act.REQUEST_ASSIGN, HERE, True),
        (REGIONAL, Act.REQUEST_ASSIGN, ELSEWHERE, False),
        (REGIONAL, Act.REQUEST_VIEW, Subject(organisation_id=10), False),
        (REGIONAL, Act.MEDIATOR_FIND, ELSEWHERE, True),
        (REGIONAL, Act.MEDIATOR_VIEW, HERE, False),
        (OBSERVER, Act.REQUEST_VIEW, HERE, False),
        (OBSERVER, Act.ACCOUNT_VIEW, Subject(user_id=5), True),
        (OBSERVER, Act.ACCOUNT_VIEW, Subject(user_id=6), False),
        (ADMINISTRATOR, Act.USER_EDIT, Subject(user_id=1), True),
        (ADMINISTRATOR, Act.ACCOUNT_EDIT, Subject(user_id=1), False),
        (SYSTEM, Act.OFFER_SEND, ELSEWHERE, True),
        (SYSTEM, Act.ACCOUNT_EDIT, Subject(user_id=1), False),
        (BEARER, Act.OFFER_ANSWER, HERE, True),
        (BEARER, Act.OFFER_ANSWER, ELSEWHERE, False),
        (BEARER, Act.OFFER_ANSWER, Subject(mediator_id=20, key=("offer", 31)), False),
        (BEARER, Act.OFFER_ANSWER, Subject(mediator_id=21, key=("offer", 30)), False),
        (BEARER, Act.APPOINTMENT_VIEW, Subject(mediator_id=20, key=("appointment", 30)), False),
        (BEARER, Act.OFFER_ANSWER, Subject(mediator_id=20), False),
        (BEARER, Act.MEDIATOR_VIEW, HERE, False),
        (OFFICE, Act.APPOINTMENT_CONFIRM, MEETING, True),
        (OFFICE, Act.APPOINTMENT_DECLINE, MEETING, True),
        (OFFICE, Act.APPOINTMENT_CONFIRM, replace(MEETING, request_id=41), False),
        (OFFICE, Act.APPOINTMENT_CONFIRM, replace(MEETING, request_id=None), False),
        (OFFICE, Act.APPOINTMENT_DECLINE, replace(MEETING, is_protected=True), False),
        (OFFICE, Act.APPOINTMENT_VIEW, MEETING, False),
        (OFFICE, Act.APPOINTMENT_HAND_BACK, MEETING, False),
        (OFFICE, Act.APPOINTMENT_SAY_LATE, MEETING, False),
        (OFFICE, Act.APPOINTMENT_STEP_BACK, MEETING, False),
        (OFFICE, Act.APPOINTMENT_CANCEL, MEETING, False),
        (OFFICE, Act.OFFER_ANSWER, replace(HERE, request_id=40), False),
        (HOLDER, Act.APPOINTMENT_CONFIRM, MEETING, True),
        (HOLDER, Act.APPOINTMENT_CONFIRM, replace(MEETING, key=("appointment", 51)), False),
        (HOLDER, Act.REQUEST_CANCEL, Subject(key=("request", 50)), False),
        (BEARER, Act.APPOINTMENT_CONFIRM, MEETING, False),
    ],
    ids=[
        "own unit", "other unit", "no unit", "requester assigns", "requester finds people", "member of no unit",
        "own offer", "other's offer", "nobody's offer", "mediator reads requests", "own times", "other's times",
        "account without pool entry", "coordinator assigns", "coordinator reads users", "own area", "other area",
        "no area", "finds anybody", "regional reads a profile", "observer reads requests", "own account",
        "other's account", "edits a user", "edits another's account page", "job asks", "job has no account",
        "its offer", "other offer", "her other offer", "offer of another", "appointment of the same id",
        "nothing named", "bearer reads a profile",
        "the office agrees by link", "the office wants another by link", "other request's", "of no request",
        "of a protected case", "her page", "her handing back", "her delay", "her stepping back", "cancelling alone",
        "her offer", "her own appointment", "her other appointment", "the request by her link", "by an offer's link",
    ],
)  # fmt: skip
def test_the_scope_decides(actor: Actor, act: Act, subject: Subject, allowed: bool) -> None:
    assert may(actor, act, subject) is allowed


def test_without_a_subject_the_row_decides() -> None:
    assert may(REQUESTER, Act.REQUEST_CREATE) is True
    assert may(OBSERVER, Act.REQUEST_CREATE) is False
    assert scope(REQUESTER, Act.REQUEST_VIEW) is Scope.OWN_UNIT
    assert scope(OBSERVER, Act.REQUEST_VIEW) is None


@pytest.mark.parametrize("subject", [HERE, ELSEWHERE, None], ids=["own", "foreign", "none"])
def test_what_a_role_never_may_is_forbidden(subject: Subject | None) -> None:
    with pytest.raises(Forbidden):
        require(OBSERVER, Act.REQUEST_VIEW, subject)


def test_what_is_foreign_does_not_exist() -> None:
    with pytest.raises(Missing):
        require(REQUESTER, Act.REQUEST_VIEW, ELSEWHERE)


def test_what_is_allowed_passes() -> None:
    require(REQUESTER, Act.REQUEST_VIEW, HERE)
    require(REQUESTER, Act.REQUEST_CREATE)
