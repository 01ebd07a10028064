"""A small service with one thing of every kind in every state that has a form, and people of every role."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch.database import run
from dispatch.domain.accounts import MAILED_LINKS, link_ends_at
from dispatch.domain.permissions import SYSTEM
from dispatch.domain.programs import NewToken
from dispatch.models import (
    Alarm,
    CallTask,
    Counter,
    Feedback,
    GivenCalendar,
    IntakeRule,
    InternalNote,
    Mediator,
    OptionChange,
    OutboxMessage,
    Request,
    RequestMessage,
    RequestTalk,
    SecondFactor,
    StaffAbsence,
    UnaskedNeed,
    User,
)
from dispatch.services import accounts, links, programs, sealing, sign_in_steps
from dispatch.services.factor_proofs import SEALED_FOR
from tests.browsing import post
from tests.builders import NOW, START, Builder
from tests.faults.values import NASTY, STORED

POOL_FILE = "Name;Wohnort;Sprachen\r\nAmina Haddad;Riesa;Klingonisch\r\nSamir Aziz;Atlantis;Dari B2\r\n"
LANGUAGES = {
    "coordinator": "de",
    "regional_coordinator": "en",
    "administrator": "en",
    "requester": "ar",
    "mediator": "de",
}

STATES: dict[str, dict[str, str]] = {
    "draft": {},
    "in_review": {"review_reasons": "setting"},
    "searching": {},
    "unfilled": {"unfilled_reason": "too_late"},
    "cancelled": {"cancel_reason": "own"},
}
"""The requests without appointment, 1 to 5, and what else their rows hold."""

APPOINTMENTS = (("confirmed", 700), ("proposed", 730), ("confirmed", 3), ("confirmed", -3), ("completed", -99))
"""The appointments, 1 to 5, and so many hours from NOW until they begin."""

REQUEST_OF = {"completed": "completed"}


@dataclass
class World:
    """The people by role, signed in, and the mailed links with the pages of forms behind them.

    `steps`: what their cookies hold besides, where somebody is about to prove a second factor or to set one up.
    """

    app: Flask
    people: dict[str, User] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    behind_links: list[str] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    steps: dict[str, dict[str, str]] = field(default_factory=dict)

    def browser(self, role: str) -> FlaskClient:
        """Return a browser in which somebody of the role is signed in; `nobody` is a role too."""
        browser = self.app.test_client()
        with browser.session_transaction() as cookie:
            if role in self.secrets:
                cookie["_user_id"] = self.secrets[role]
            cookie.update(self.steps.get(role, {}))
        return browser

    @property
    def nasty(self) -> dict[str, str]:
        """The values to try: all on one kind of database, those on which they differ on the other."""
        return NASTY if self.app.config["DATABASE_URL"].startswith("sqlite") else STORED

    @staticmethod
    def language(role: str) -> str:
        """Return the language in which somebody of the role reads."""
        return LANGUAGES.get(role, "de")

    def token(self, purpose: str, subject_id: int) -> str:
        ends_at = link_ends_at(purpose, NOW) if purpose in MAILED_LINKS else None
        return links.issue(purpose, subject_id, key=self.app.config["SECRET_KEY"], now=NOW, expires_at=ends_at)


def make(app: Flask, build: Builder) -> World:
    """Build everything and sign everybody in."""
    world = World(app)
    mediator, requester = build.mediator(), build.user("requester", ui_language="ar")
    for role, language in LANGUAGES.items():
        values = {"mediator_id": mediator.id} if role == "mediator" else {}
        world.people[role] = requester if role == "requester" else build.user(role, ui_language=language, **values)
    build.area(world.people["regional_coordinator"], "Meißen", NOW.date() - timedelta(days=1))
    build.mediator(active=False, weekly=())
    build.user("requester", organisation_id=requester.organisation_id, active=False)
    _requests(world, build, mediator)
    _outside(world, build)
    _webhooks(world, build)
    run(_rest)
    _approval(world, build)
    build.sight(requester.organisation_id, build.organisation())
    build.organisation()
    build.user("requester", organisation_id=requester.organisation_id)
    asked = build.mediator(asked_to_confirm_at=NOW, lapses_in_row=5)
    world.links.append("/m/" + world.token("mediator", asked.id))
    world.behind_links.append(world.links[-1] + "/calendar")
    world.token("unit_calendar", 1)
    for one in (mediator, asked):
        world.token("mediator_calendar", one.id)
        sealed = sealing.seal("https://calendar.example.org/a.ics", app.config["SECRET_KEY"], purpose="given_calendar")
        run(partial(_given, mediator_id=one.id, sealed=sealed))
    build.help_request(safe_times="9–11", call_name="A.", contact_person="B.")
    build.mediator(change_told_at=NOW)
    build.mediator(active=False, said_no_more_at=NOW)
    _applicants(world, build)
    for purpose, path in (("invite", "/invite/"), ("reset", "/reset/"), ("login", "/login/")):
        world.links.append(path + world.token(purpose, requester.id))
    for role, user in world.people.items():
        has_proved = role == "regional_coordinator"
        world.secrets[role] = run(partial(accounts.begin_session, user_id=user.id, now=NOW, is_proved=has_proved))
    run(partial(accounts.begin_session, user_id=world.people["administrator"].id, now=NOW))
    run(partial(_factors, world=world))
    _upload(world.browser("coordinator"))
    programs.make(SYSTEM, world.people["administrator"].id, NewToken("Klinik", frozenset(), None), NOW)
    return world


def _applicants(world: World, build: Builder) -> None:
    """Build applications in every state: waiting with a step, half filled, sent, in the pool, declined."""
    waiting = build.applicant(steps=("training",), note="Bitte nachfragen")
    begun = build.applicant(state="started", consented_at=None, confirmed_at=None, answers={"name": "Omid"})
    sent = build.applicant(state="started", confirmed_at=None)
    build.applicant(state="accepted", answers={}, email="", mediator_id=1, closed_at=NOW, steps=("talk",))
    build.applicant(state="declined", closed_at=NOW)
    world.links += ["/join/" + world.token("applicant", one.id) for one in (waiting, begun, sent)]


def _given(session: Session, mediator_id: int, sealed: str) -> None:
    session.add(GivenCalendar(mediator_id=mediator_id, sealed_url=sealed, created_at=NOW, due_at=NOW))


def _requests(world: World, build: Builder, mediator: Mediator) -> None:
    requester = world.people["requester"]
    own: dict[str, Any] = {"organisation_id": requester.organisation_id, "created_by_id": requester.id, "nonce": None}
    for number, (state, besides) in enumerate(STATES.items()):
        values = own | besides | {"starts_at": START + timedelta(days=number), "policy": "manual"}
        request = build.request(**values, state=state)
        if state == "searching":
            build.mediator()
            link = "/r/" + world.token("request", request.id)
            world.links.append(link)
            world.behind_links += [f"{link}/cancel", f"{link}/message"]
            world.links.append("/o/" + world.token("offer", build.offer(request, mediator).id))
    for state, hours in APPOINTMENTS:
        starts_at = NOW + timedelta(hours=hours)
        request = build.request(**own, state=REQUEST_OF.get(state, "assigned"), starts_at=starts_at)
        awaited = {"awaits": "mediator", "deadline_at": starts_at} if state == "proposed" else {}
        appointment = build.appointment(request, mediator, state=state, **awaited)
        world.links.append("/a/" + world.token("appointment", appointment.id))
    _block(build, own)


def _block(build: Builder, own: dict[str, Any]) -> None:
    """Build a request with two talks in it, and somebody who left five offers unanswered."""
    request = build.request(**own, state="completed", starts_at=NOW - timedelta(days=2), talk_count=2)
    times = {"starts_at": request.starts_at, "ends_at": request.ends_at}
    run(
        lambda session: session.add_all(
            RequestTalk(request_id=request.id, position=position, case_token=token, **times)
            for position, token in enumerate(("K7Q-4MX", "A3C-4DF"))
        )
    )
    build.mediator(lapses_in_row=5)


def _approval(world: World, build: Builder) -> None:
    """Build a request whose office is asked by its link whether it agrees to who comes."""
    request = build.request(state="assigned", wants_approval=True, nonce=None)
    build.appointment(request, build.mediator(), state="proposed", awaits="office", deadline_at=START)
    world.links.append("/r/" + world.token("request", request.id))


def _outside(world: World, build: Builder) -> None:
    """Build providers, one of them asked about the request that is searched for, a rule and a line of need."""
    asked = build.provider()
    build.provider()
    searching = run(lambda session: session.get_one(Request, 3))
    build.referral(searching, asked)

    def rest(session: Session) -> None:
        session.add(IntakeRule(setting="court", organisation_kind="practice", verdict="refuse", text="Nein."))
        noted = {"needed_on": NOW.date(), "noted_at": NOW, "noted_by_id": world.people["coordinator"].id}
        session.add(UnaskedNeed(origin="noted", language="so", **noted))

    run(rest)


def _webhooks(world: World, build: Builder) -> None:
    """Build a webhook with an event that was given up, a paused one, and the host they go to."""
    coordinator, key = world.people["coordinator"], world.app.config["SECRET_KEY"]
    hook = build.webhook(coordinator, key=key)
    build.webhook(coordinator, key=key, active=False)
    event = {"type": "request.searching", "created_at": NOW.isoformat(), "data": {"id": 3, "number": 403}}
    values = {"hosts": ["hooks.example"]}

    def rest(session: Session) -> None:
        session.add(OptionChange(topic="webhooks", version=1, values=values, changed_at=NOW))
        session.add(
            OutboxMessage(
                kind="webhook", recipient="hooks.example", locale="", webhook_id=hook.id, message_id="<2@x>",
                params=event, state="failed", due_at=NOW, created_at=NOW, error="HTTP 500", attempts=9,
            )
        )  # fmt: skip

    run(rest)


def _rest(session: Session) -> None:
    session.add(
        CallTask(
            kind="offer", side="mediator", key="offer:1", message="offer", request_id=3, offer_id=1, mediator_id=1,
            created_at=NOW, due_at=NOW,
        )
    )  # fmt: skip
    session.add_all(Counter(name=series, value=9000) for series in ("request", "appointment", "badge"))
    session.add(
        OutboxMessage(
            kind="request_received", recipient="schule@example.org", locale="de", request_id=3, message_id="<1@x>",
            state="failed", due_at=NOW, created_at=NOW, error="550 no such user",
        )
    )  # fmt: skip
    owner = select(User.id).where(User.role == "coordinator").limit(1).scalar_subquery()
    session.add_all(
        StaffAbsence(user_id=owner, first_on=NOW.date() + timedelta(days=day), last_on=NOW.date() + timedelta(days=day),
                     created_at=NOW)
        for day in (30, 40)
    )  # fmt: skip
    looked_after = update(Request).where(Request.id == 9).values(claimed_by_id=owner, claimed_at=NOW)
    session.execute(looked_after, execution_options={"synchronize_session": False})
    session.add(RequestMessage(request_id=3, text="Bitte rufen Sie an.", written_at=NOW))
    session.add(Feedback(kind="accessibility", page="/login", ui_language="de", text="Zu klein.", written_at=NOW))
    session.add(InternalNote(request_id=3, text="Ruft zurück", written_by_id=owner, written_at=NOW))
    session.add(
        Alarm(
            kind="nobody_fits", key="nobody_fits:3:1", request_id=3, raised_at=NOW, escalate_at=NOW + timedelta(hours=2)
        )
    )


def _factors(session: Session, world: World) -> None:
    """Give an office a passkey it has not proved yet, and staff an app, with a second one on the way."""
    office, staff = world.people["requester"].id, world.people["regional_coordinator"].id
    sealed = sealing.seal("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", world.app.config["SECRET_KEY"], purpose=SEALED_FOR)
    about = {"created_at": NOW, "name": "Telefon"}
    session.add(SecondFactor(user_id=office, kind="passkey", credential_id="AAAA", public_key=b"?", **about))
    session.add(SecondFactor(user_id=staff, kind="totp", sealed_secret=sealed, **about))
    begin = partial(sign_in_steps.begin, session, now=NOW)
    world.steps = {
        "nobody": {"sign_in_step": begin(office, sign_in_steps.SIGN_IN)},
        "requester": {"factor_step": begin(office, sign_in_steps.CONFIRM)},
        "regional_coordinator": {"factor_step": begin(staff, sign_in_steps.ENROL, sealed_secret=sealed)},
    }


def _upload(browser: FlaskClient) -> None:
    file = (BytesIO(POOL_FILE.encode()), "pool.csv")
    answer = post(browser, "/mediators/import", {"file": file}, content_type="multipart/form-data")
    assert answer.status_code == 302
