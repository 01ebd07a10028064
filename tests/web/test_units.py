"""A unit's page: members, granted sights and people not asked for it; refusals keep what was typed."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.database import db
from dispatch.models import Exclusion, Organisation, OutboxMessage, Request, UnitSight, User
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import Builder
from tests.statements import counted
from tests.web.conftest import ClientFor

REQUEST = {
    "act": "send", "language": "Dari", "setting": "parent_talk", "day": "01.12.2026", "start": "9:00", "length": "60",
    "mode": "on_site", "place": "Nünchritz", "address": "Schulstraße 9", "contact_name": "Sekretariat",
    "contact_phone": "03521 000 210", "continuity": "gern", "consent": "known",
}  # fmt: skip


@pytest.fixture
def leading(build: Builder) -> User:
    """Who leads a unit, reading English."""
    return build.user(name="Anna Leitend", leads_unit=True, ui_language="en")


@pytest.fixture
def coordinator(build: Builder, client_for: ClientFor) -> FlaskClient:
    """A browser of the coordination, in English."""
    return client_for(build.user("coordinator", ui_language="en"))


def sections_of(page: str) -> list[str]:
    return re.findall(r'<h2 class="kern-heading-medium" id="([a-z]+)-h"', page)


def buttons_of(page: str) -> list[str]:
    main = page[page.index("<main") : page.index("</main")]
    return [re.sub("<.*?>", "", inside) for inside in re.findall(r"<button[^>]*>(.*?)</button>", main)]


def test_each_reader_finds_what_she_may_do(build: Builder, leading: User, client_for: ClientFor) -> None:
    plain = build.user(organisation_id=leading.organisation_id, ui_language="en")
    page = f"/organisations/{leading.organisation_id}"

    def seen(role: str) -> tuple[list[str], list[str]]:
        user = {"leading": leading, "plain": plain}.get(role) or build.user(role, ui_language="en")
        text = client_for(user).get(page).text
        return sections_of(text), buttons_of(text)

    assert seen("plain") == (["members"], [])
    assert seen("leading") == (["members", "bars"], ["Disable account"] * 2 + ["Create and invite"])
    sections, buttons = seen("administrator")
    assert (sections, "No longer leads the unit" in buttons) == (["members"], True)
    assert seen("coordinator")[0] == ["members", "bars"]
    build.organisation()
    assert seen("coordinator")[0] == ["members", "sights", "bars"]


def test_a_member_is_invited_and_a_refusal_keeps_the_form(leading: User, client_for: ClientFor) -> None:
    client, page = client_for(leading), f"/organisations/{leading.organisation_id}"
    typed = {"name": "Katrin Vogel", "email": "vogel@example.org", "ui_language": "de", "role": "administrator"}

    refused = post(client, f"{page}/members", typed | {"email": "no address"})
    taken = post(client, f"{page}/members", typed)

    assert (refused.status_code, re.findall(r'id="(\w+)-error"', refused.text)) == (422, ["email"])
    assert ('value="no address"' in refused.text, 'value="Katrin Vogel"' in refused.text) == (True, True)
    assert (taken.status_code, taken.headers["Location"]) == (302, page)
    assert reading().execute(select(User.role, User.organisation_id).where(User.name == "Katrin Vogel")).one() == (
        "requester", leading.organisation_id,
    )  # fmt: skip
    assert reading().scalars(select(OutboxMessage.kind)).all() == ["invite"]


def test_a_colleague_is_disabled_and_enabled_but_the_last_leading_one_stays(
    build: Builder, leading: User, client_for: ClientFor
) -> None:
    colleague = build.user(organisation_id=leading.organisation_id)
    theirs, ours = client_for(colleague), client_for(leading)
    base = f"/organisations/{leading.organisation_id}/members"

    done = post(ours, f"{base}/{colleague.id}/disable").status_code
    out = theirs.get("/requests").status_code
    back = post(ours, f"{base}/{colleague.id}/enable").status_code
    own = post(ours, f"{base}/{leading.id}/disable")

    assert (done, out, back, own.status_code, ours.get("/requests").status_code) == (302, 302, 302, 422, 200)
    assert "You are the last one who leads this unit." in own.text


def test_a_sight_is_granted_shown_on_both_pages_and_taken_back(build: Builder, coordinator: FlaskClient) -> None:
    unit, other = build.organisation(name="Hort"), build.organisation(name="Schule")

    empty = post(coordinator, f"/organisations/{unit.id}/sights", {"sees": ""})
    itself = post(coordinator, f"/organisations/{unit.id}/sights", {"sees": str(unit.id)})
    post(coordinator, f"/organisations/{unit.id}/sights", {"sees": str(other.id)})
    pages = [coordinator.get(f"/organisations/{one.id}").text for one in (unit, other)]
    kept = reading().scalars(select(UnitSight.sees_id)).all()
    db.session.close()
    post(coordinator, f"/organisations/{unit.id}/sights/{other.id}/revoke")

    assert [(one.status_code, re.findall(r'id="(\w+)-error"', one.text)) for one in (empty, itself)] == [
        (422, ["sees"]), (422, ["sees"]),
    ]  # fmt: skip
    assert kept == [other.id]
    assert [f"/organisations/{unit.id}/sights/{other.id}/revoke" in page for page in pages] == [True, True]
    assert reading().scalars(select(UnitSight.sees_id)).all() == []


def test_somebody_the_unit_has_met_is_barred_by_badge_number(
    build: Builder, leading: User, client_for: ClientFor
) -> None:
    mediator, stranger = build.mediator(name="Shirin Rahmani"), build.mediator()
    request = build.request(organisation_id=leading.organisation_id, state="completed")
    build.appointment(request, mediator, state="completed")
    client, page = client_for(leading), f"/organisations/{leading.organisation_id}"

    shown = client.get(page).text
    done = post(client, f"{page}/bars/{mediator.id}", {"barred": "1"})
    refused = post(client, f"{page}/bars/{stranger.id}", {"barred": "1"})

    assert (f"badge {mediator.badge_number}" in shown, "Rahmani" in shown) == (True, False)
    assert (done.status_code, refused.status_code) == (302, 422)
    assert reading().scalars(select(Exclusion.mediator_id)).all() == [mediator.id]


def test_the_usual_entries_are_changed_by_who_leads_and_fill_the_form(leading: User, client_for: ClientFor) -> None:
    client, page = client_for(leading), f"/organisations/{leading.organisation_id}"
    typed = {
        "home": "Riesa", "address": "Marktplatz 1", "contact_name": "Frau Krause", "phone": "03525 7000",
        "contact_email": "", "default_setting": "doctor", "approves_mediators": "1", "version": "1",
    }  # fmt: skip

    refused = post(client, f"{page}/defaults", typed | {"answers_to_mailbox": "1"})
    saved = post(client, f"{page}/defaults", typed)
    stale = post(client, f"{page}/defaults", typed)
    form = client.get("/requests/new").text

    assert (refused.status_code, re.findall(r'id="([a-z_]+)-error"', refused.text)) == (422, ["contact_email"])
    assert 'value="Marktplatz 1"' in refused.text
    assert (saved.status_code, stale.status_code) == (302, 409)
    assert [word in form for word in ("Marktplatz 1", "Frau Krause", "03525 7000", 'value="doctor" selected')] == [
        True, True, True, True,
    ]  # fmt: skip
    assert re.search(r'name="place"[^>]*value="[^"]*Riesa', form)


def test_a_unit_as_its_own_ancestor_is_refused_with_the_form_kept(build: Builder, coordinator: FlaskClient) -> None:
    top = build.organisation(name="Oben")
    low = build.organisation(name="Unten", parent_id=top.id)
    typed = {"name": "Oben neu", "kind": "school", "parent": str(low.id), "act": "save", "version": "1", "active": "1"}

    response = post(coordinator, f"/organisations/{top.id}/edit", typed)

    assert (response.status_code, re.findall(r'id="([a-z_]+)-error"', response.text)) == (422, ["parent"])
    assert ('value="Oben neu"' in response.text, "cannot be a unit of itself" in response.text) == (True, True)
    assert set(reading().execute(select(Organisation.id, Organisation.parent_id))) == {(top.id, None), (low.id, top.id)}


def test_nothing_can_be_done_with_what_is_only_shown(build: Builder, client_for: ClientFor) -> None:
    user, other = build.user(ui_language="en"), build.organisation(name="Fremde Schule")
    request = build.request(
        organisation_id=other.id, state="assigned", setting="psychosocial", protection="sensitive",
        address="Geheime Straße 1", notes="Geheime Notiz", reference="Geheimzeichen",
        place_note="Geheimes Zimmer", contact_name="Geheimer Kontakt", access_url="https://geheim.example",
    )  # fmt: skip
    appointment = build.appointment(request, build.mediator(share_phone=True, phone="+4935257777"))
    build.sight(user.organisation_id, other)
    client = client_for(user)

    texts = [
        client.get(path).text
        for path in (
            "/requests", "/appointments", f"/requests/{request.id}", f"/appointments/{appointment.id}",
            f"/appointments/{appointment.id}/calendar.ics",
        )
    ]  # fmt: skip
    words = ("confirm", "decline", "late", "hand-back", "step-back", "cancel", "absent", "move")
    acts = {post(client, f"/appointments/{appointment.id}/{word}", {"reason": "own"}).status_code for word in words}
    acts |= {client.get(f"/requests/{request.id}/{word}").status_code for word in ("edit", "cancel")}
    acts |= {
        post(client, f"/requests/{request.id}/{word}", {"reason": "own"}).status_code for word in ("edit", "cancel")
    }
    acts |= {client.get(f"/requests/new?again={request.id}").status_code}

    assert all("Fremde Schule" in text for text in texts[:4])
    assert [
        word for text in texts for word in re.findall(r"[Gg]eheim\w*|35257777|K7Q-4MX|trauma|Trauma|psycho", text)
    ] == []
    assert acts == {404}
    assert reading().scalar(select(Request.state)) == "assigned"


def test_a_unit_that_cannot_book_sends_nothing_and_keeps_what_was_typed(build: Builder, client_for: ClientFor) -> None:
    unit = build.organisation(active=False)
    client = client_for(build.user(organisation_id=unit.id, ui_language="en"))

    response = post(client, "/requests/new", REQUEST)

    assert (response.status_code, "This organisation cannot book at the moment." in response.text) == (422, True)
    assert 'value="Schulstraße 9"' in response.text
    assert reading().scalars(select(Request.id)).all() == []


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_takes_the_same_few_statements(
    build: Builder, leading: User, client_for: ClientFor, number: int
) -> None:
    for _ in range(number):
        build.user(organisation_id=leading.organisation_id)
        request = build.request(organisation_id=leading.organisation_id, state="completed")
        build.appointment(request, build.mediator(), state="completed")
    client = client_for(leading)

    with counted(db.engine) as statements:
        client.get(f"/organisations/{leading.organisation_id}")

    assert len(statements) <= 14
