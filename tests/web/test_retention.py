"""Pages of what was cut: everything that is left opens, for everybody who may open it."""

from datetime import timedelta

from dispatch import clock
from dispatch.services import retention
from tests.builders import Builder
from tests.web.conftest import ClientFor


def test_what_was_cut_can_still_be_opened(build: Builder, client_for: ClientFor) -> None:
    now = clock.now()
    office = build.user()
    leaver = build.mediator(active=False, left_at=now - timedelta(days=200), town="Meißen", postal_code="01662")
    request = build.request(
        organisation_id=office.organisation_id, state="completed", starts_at=now - timedelta(days=400),
        caller_name="Frau Kühn", notes="Notiz", address="Hinterhof 9",
    )  # fmt: skip
    appointment = build.appointment(request, leaver, state="completed", override_reason="weil", override_codes="mode")
    retention.apply(now)

    about = [f"/requests/{request.id}", f"/appointments/{appointment.id}", f"/requests/new?again={request.id}"]
    people = [f"/mediators/{leaver.id}", f"/mediators/{leaver.id}/edit", "/mediators"]
    for user, paths in ((office, about), (build.user("coordinator"), [*about, *people])):
        client = client_for(user)
        pages = {path: client.get(f"{path}") for path in paths}

        assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(paths, 200)
        all_text = "".join(page.text for page in pages.values())
        assert [text for text in ("None<", "Shirin", "Kühn", "Hinterhof 9") if text in all_text] == []
