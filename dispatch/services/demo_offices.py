"""Make up the offices of a demonstration, their units, and everybody who may sign in.

It must not decide what they ask for; that is `demo_requests`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from dispatch.domain import travel
from dispatch.domain.permissions import ASSIGNABLE, Role
from dispatch.models import Organisation, UnitSight, User, UserArea
from dispatch.reference import demo_names, places
from dispatch.reference.files import fold
from dispatch.services.demo_people import GUEST
from dispatch.services.demo_scene import Scene
from dispatch.services.sign_ins import DEMO_ADDRESS

AREA = "Riesa"
"""The social area of the regional coordinator as whom one signs in."""
_OWN_AGS = "14627190"
_ASD = "Allgemeiner Sozialer Dienst"
_FEWEST, _MOST, _REQUESTS_EACH = 40, 20_000, 15
_TOWNS = ("office", "jobcenter", "clinic", "employment_agency", "health_office", "youth_welfare", "course_provider")
"""Kinds that sit in the four towns only."""


@dataclass(frozen=True, slots=True)
class Office:
    """A unit that asks: where it is, what for, who writes and who is called."""

    id: int
    kind: str
    municipality: places.Municipality
    address: str
    settings: tuple[str, ...]
    author_id: int | None
    contact_name: str
    phone: str
    email: str

    @property
    def place(self) -> travel.Place:
        """The point from which ways are measured."""
        town = self.municipality
        return travel.Place(travel.Point(town.lat, town.lon), town.ags)


def make(scene: Scene, requests: int) -> list[Office]:
    """Add the offices with their units and authors, the guest's own first; return those that ask."""
    count = min(_MOST, max(_FEWEST, requests // _REQUESTS_EACH))
    offices = [office for kind in _kinds(scene, count) for office in _add(scene, kind)]
    _add_districts(scene, next(office for office in offices if office.kind == "youth_welfare"))
    shown = next(office for office in offices if office.kind == "daycare")
    scene.rows.add(UnitSight, {"unit_id": offices[0].id, "sees_id": shown.id, "granted_at": scene.now})
    return offices


def make_users(scene: Scene, own: Office) -> Office:
    """Add one account for each role, and one for every second mediator with an address.

    Return the guest's own office, now with its author.
    """
    author_id = None
    for role in ASSIGNABLE:
        name = demo_names.staff()[role][0]
        values: dict[str, Any] = {"email": DEMO_ADDRESS.format(role=role), "name": name, "role": role.value}
        values["handles_protected"] = role is Role.COORDINATOR
        if role is Role.REQUESTER:
            values |= {"organisation_id": own.id, "leads_unit": True}
        if role is Role.MEDIATOR:
            values["mediator_id"] = GUEST
        user_id = _user(scene, values)
        if role is Role.REQUESTER:
            author_id = user_id
        if role is Role.REGIONAL_COORDINATOR:
            since = scene.today - timedelta(days=365)
            scene.rows.add(UserArea, {"user_id": user_id, "social_area": AREA, "valid_from": since})
    for person in scene.pool.by_id.values():
        if person.email and person.id != GUEST and person.id % 2:
            account = {"email": person.email, "role": Role.MEDIATOR.value, "mediator_id": person.id}
            _user(scene, account | {"name": person.name})
    _add_colleague(scene, own)
    return replace(own, author_id=author_id)


def _kinds(scene: Scene, count: int) -> Iterator[tuple[demo_names.Office, places.Municipality]]:
    """Yield the guest's school, each kind once, then by weight."""
    known = demo_names.offices()
    drawn = [*known, *scene.rng.choices(known, weights=[office.weight for office in known], k=count)]
    yield known[0], places.get_municipality(_OWN_AGS)
    for office in drawn[: count - 1]:
        yield office, _town(scene, office)


def _town(scene: Scene, office: demo_names.Office) -> places.Municipality:
    known = places.municipalities()
    if office.kind in _TOWNS:
        known = tuple(town for town in known if town.name in places.social_areas())
    return scene.rng.choices(known, weights=[town.population for town in known])[0]


def _add(scene: Scene, kind: tuple[demo_names.Office, places.Municipality]) -> Iterator[Office]:
    """Add an office; one with units asks through these, another by itself."""
    template, town = kind
    name = template.name.format(place=town.name)
    head = _organisation(scene, template, town, name, None)
    if not template.units:
        yield head
    for unit in template.units:
        yield _organisation(scene, template, town, f"{name}, {unit}", head.id)


def _add_districts(scene: Scene, unit: Office) -> None:
    """Give a unit units of its own, so that the tree has three levels; nobody asks for them yet."""
    for part in ("Bezirk Nord", "Bezirk Süd"):
        number = scene.rows.new_id(Organisation)
        row = {
            "id": number, "name": f"{_ASD}, {part}", "kind": unit.kind, "parent_id": unit.id,
            "municipality": unit.municipality.ags, "town": unit.municipality.name, "address": unit.address,
            "phone": unit.phone, "contact_email": f"bezirk-{number}@stellen.example",
            "default_setting": unit.settings[0], "created_at": scene.now - timedelta(days=200),
        }  # fmt: skip
        scene.rows.add(Organisation, row)


def _add_colleague(scene: Scene, own: Office) -> None:
    """Let somebody else work in the guest's office, whose account has been disabled meanwhile."""
    account = {
        "email": f"kollegium-{own.id}@stellen.example", "name": "Heike Lorenz", "role": Role.REQUESTER.value,
        "organisation_id": own.id, "ui_language": "de", "active": False, "signed_in_at": scene.now - timedelta(days=90),
        "created_at": scene.now - timedelta(days=300),
    }  # fmt: skip
    scene.rows.add(User, account)


def _organisation(
    scene: Scene, template: demo_names.Office, town: places.Municipality, name: str, parent_id: int | None
) -> Office:
    number = scene.rows.new_id(Organisation)
    contact = demo_names.staff()["requester"][(number - 1) % len(demo_names.staff()["requester"])]
    office = Office(
        id=number,
        kind=template.kind,
        municipality=town,
        address=f"{template.street} {scene.rng.randint(1, 60)}",
        settings=template.settings,
        author_id=None,
        contact_name=contact,
        phone=f"+493521000{200 + number % 700}",
        email=f"{fold(name).replace(' ', '-')}-{number}@stellen.example",
    )
    row = {
        "id": number, "name": name, "kind": template.kind, "parent_id": parent_id, "municipality": town.ags,
        "town": town.name,
        "address": office.address, "phone": office.phone, "contact_email": office.email, "contact_name": contact,
        "default_setting": template.settings[0], "created_at": scene.now - timedelta(days=500),
    }  # fmt: skip
    scene.rows.add(Organisation, row)
    return office if number == 1 or number % 3 == 0 else _with_author(scene, office)


def _with_author(scene: Scene, office: Office) -> Office:
    """Let somebody of the unit have an account; every third unit is written to by its mailbox."""
    email = f"{fold(office.contact_name).replace(' ', '.')}.{office.id}@stellen.example"
    account = {"email": email, "name": office.contact_name, "role": Role.REQUESTER.value}
    author_id = _user(scene, account | {"organisation_id": office.id})
    return replace(office, author_id=author_id)


def _user(scene: Scene, values: dict[str, Any]) -> int:
    created_at = scene.now - timedelta(days=scene.rng.randint(30, 400))
    return scene.rows.add(User, {"ui_language": "de", "created_at": created_at, "password_hash": None} | values)
