"""Whatever stands in the fields of a form: no fault of ours, nothing stored that was refused, nothing typed lost.

Every form of every page is sent with every nasty value in every field. What is refused is put in order and the rest
sent again, so that what no rule refuses reaches the database.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

import pytest

from tests.browsing import token_of
from tests.faults.attacks import LANGUAGES, OWN_PAGE, URL_ENCODED, Attack, faults_of, in_order, without, wrong_fields
from tests.faults.pages import WITHOUT_A_PAGE, forms
from tests.faults.stores import Store
from tests.faults.values import CHOSEN, as_bytes
from tests.faults.world import World

ROUNDS = 3
"""How often a form is put in order where it was refused."""

WAITING = {
    "pool.upload": (422, {"file"}),
    "pool.apply": (422, set()),
    "options.take": (422, {"file"}),
    "accounts.sign_in": (422, set()),
    "second_factors.prove": (422, {"code"}),
    "second_factors.confirm": (422, {"code"}),
    "second_factors.add": (422, {"code"}),
    "duty.add": (422, {"user_id", "first_on", "last_on"}),
    "internal_notes.about_mediator": (422, {"text"}),
    "internal_notes.about_request": (422, {"text"}),
    "internal_notes.call_about_request": (422, {"outcome"}),
    "internal_notes.call_to_mediator": (422, {"outcome"}),
    "request_links.write": (422, {"text"}),
    "request_acts.write": (422, {"text"}),
    "own_record.answer": (422, {"text"}),
    "feedback.report_barrier": (422, {"report"}),
    "feedback.report_translation": (422, {"report"}),
    "calendars.give": (422, {"calendar"}),
    "calendar_links.act": (422, {"calendar"}),
    "help_requests.status": (422, {"code"}),
    "join.apply": (422, {"modes", "transport", "consent"}),
    "applicants.take_in": (422, set()),
}
"""The forms that need more than fields: a file, answers to questions, the right password or code."""

SPANS = {
    "the missing hour": ("28.03.2027", "2:30", "60"),
    "the doubled hour": ("31.10.2027", "2:30", "60"),
    "end before start": ("08.12.2026", "10:00", "9:00"),
    "no length": ("08.12.2026", "10:00", "0"),
    "25 hours": ("08.12.2026", "10:00", "1500"),
    "longer than time": ("08.12.2026", "10:00", "999999"),
    "the first day": ("01.01.0001", "0:00", "60"),
    "the last day": ("31.12.9999", "23:59", "60"),
    "the year zero": ("01.01.0000", "9:00", "60"),
    "past": ("01.01.2020", "9:00", "60"),
    "no such day": ("31.02.2027", "9:00", "60"),
    "midnight at the end": ("08.12.2026", "24:00", "60"),
    "no such time": ("08.12.2026", "25:61", "60"),
}


def attacks(world: World, store: Store) -> Iterator[Attack]:
    return (Attack(world, store, found) for found in list(forms(world)))


def spoil(attack: Attack, turn: int, nasty: Sequence[str]) -> None:
    """Send a form with another value in each field, and again without what was refused, until it is taken."""
    good = in_order(attack.found.form)
    machine = set(attack.machine)
    shown = [name for name in attack.fields if name not in machine]
    spoilt = shown if shown and turn % 2 == 0 else attack.fields
    values = good | {name: [nasty[(turn + place) % len(nasty)]] for place, name in enumerate(spoilt)}
    values |= attack.press(turn)
    for again in range(ROUNDS):
        answer = attack.send(values, LANGUAGES[(turn + again) % len(LANGUAGES)])
        wrong = wrong_fields(answer) | machine | (attack.chosen if again else set())
        if answer.status_code < 400:
            return
        values = without(values, wrong, good)


def test_every_form_of_the_service_is_among_them(world: World) -> None:
    posted = {
        rule.endpoint
        for rule in world.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }

    assert posted - {found.endpoint for found in forms(world)} == WITHOUT_A_PAGE


def test_a_form_in_order_is_taken(world: World, store: Store) -> None:
    refused = {}
    for attack in attacks(world, store):
        answer = attack.send(in_order(attack.found.form) | attack.press(1), world.language(attack.found.role))
        if answer.status_code >= 400:
            refused[attack.found.endpoint] = answer.status_code, wrong_fields(answer)

    assert refused == WAITING


def test_no_value_in_no_field_breaks_a_form(world: World, store: Store) -> None:
    faults = []
    for attack in attacks(world, store):
        nasty = tuple((world.nasty if attack.is_typed else CHOSEN).values())
        for turn in range(len(nasty) if attack.fields else 1):
            spoil(attack, turn, nasty)
        faults += attack.faults

    assert faults == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_missing_and_repeated_fields_break_no_form(world: World, store: Store) -> None:
    faults = []
    for attack in attacks(world, store):
        good = in_order(attack.found.form) | attack.press(1)
        attack.send({}, "de")
        attack.send({name: [*every, *every, "x"] for name, every in good.items()}, "ar")
        attack.send({f"{name}[]": every for name, every in good.items()}, "en")
        faults += [fault for fault in attack.faults if not any("lost" in word for word in fault)]

    assert faults == []


def test_times_that_cannot_be_are_refused_with_what_was_typed(world: World, store: Store) -> None:
    timed = [attack for attack in attacks(world, store) if {"day", "start", "length"} <= set(attack.fields)]

    taken, faults = [], []
    for attack in timed:
        good = in_order(attack.found.form) | attack.press(1)
        for label, (day, start, length) in SPANS.items():
            answer = attack.send(good | {"day": [day], "start": [start], "length": [length]}, "ar")
            taken += [(attack.found.path, label)] if answer.status_code != 422 else []
        faults += attack.faults

    assert {attack.found.path for attack in timed} >= {"/requests/new", "/appointments/3/move"}
    assert (taken, faults) == ([], [])


def test_what_scripts_keep_while_one_types_may_be_anything(world: World, store: Store) -> None:
    browser = world.browser("requester")
    token = token_of(browser).encode()

    faults = []
    for name, value in world.nasty.items():
        body = urlencode([(b"csrf_token", token), (b"notes", as_bytes(value)), (as_bytes(value or "x"), b"1")])
        kept = browser.post("/drafts/requests/new", data=body, content_type=URL_ENCODED, headers=OWN_PAGE)
        shown = browser.get("/requests/new")
        faults += [(name, kept.status_code, *wrong) for wrong in (faults_of(kept), faults_of(shown)) if wrong]

    assert faults == []
    assert store.left == set()
