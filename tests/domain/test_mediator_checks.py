"""Whether the typed record of a mediator holds: every field with every code."""

from dataclasses import replace
from datetime import date
from math import inf, nan
from typing import Any

import pytest

from dispatch.domain.candidates import Document, Gender
from dispatch.domain.errors import Invalid
from dispatch.domain.languages import Level, Spoken
from dispatch.domain.mediator_checks import check
from dispatch.domain.mediators import (
    ContactChannel,
    NewMediator,
    PoolContext,
    SeenDocument,
    TypedDocument,
    TypedMediator,
    TypedSpoken,
)
from dispatch.domain.modes import Mode
from dispatch.domain.places import TypedPlace
from dispatch.domain.settings import SETTINGS, DocumentType, Qualification
from dispatch.domain.travel import Transport
from tests.domain.pool import MEISSEN, PLACES, TABLE

TODAY = date(2026, 11, 24)
CONTEXT = PoolContext(
    known_languages=TABLE.keys(),
    settings=SETTINGS.keys(),
    places=PLACES,
    organisations={10, 11},
    ui_languages={"de", "ar", "prs"},
)
Errors = dict[str, tuple[str, ...]]
NONE: Errors = {}

LEAST = TypedMediator(
    name="Sara Beispiel",
    email="sara@example.org",
    home=TypedPlace(municipality=MEISSEN),
    languages=(TypedSpoken("prs", "native"),),
    german_level="C1",
    modes=("on_site",),
)


def errors(**changes: Any) -> Errors:
    try:
        check(replace(LEAST, **changes), CONTEXT, TODAY)
    except Invalid as invalid:
        return invalid.errors
    return {}


def least() -> NewMediator:
    home = PLACES.place_of_municipality(MEISSEN)
    assert home is not None
    return NewMediator(
        name="Sara Beispiel",
        call_name="Sara",
        contact_channel=ContactChannel.MAIL,
        email="sara@example.org",
        home=home,
        languages=(Spoken("prs", Level.NATIVE),),
        german_level=Level.C1,
        modes=(Mode.ON_SITE,),
    )


def test_the_least_is_enough() -> None:
    assert check(LEAST, CONTEXT, TODAY) == least()


def test_everything_is_kept_in_its_one_form() -> None:
    seen = TypedDocument("undertaking", date(2026, 1, 5), date(2026, 1, 5), date(2030, 1, 5))
    typed = replace(
        LEAST, email=" Sara@Example.ORG", phone="+4935211234", contact_channel="both", gender="female",
        languages=(TypedSpoken("prs", "native", (" Hazaragi ", "Hazaragi", "")), TypedSpoken("fa", "C1")),
        qualification="certified", experience=("doctor",), refused_settings=("clinic",), refused_organisations=(10,),
        modes=("phone", "on_site"), transport="bicycle", max_distance_km=15, weekly_hours_limit=7.5, night=True,
        short_notice=True, avoid_own_municipality=True, share_phone=True, documents=(seen,), active=False,
        ui_language="prs", external_id=" M 17 ", remarks="eins\nzwei",
    )  # fmt: skip

    assert check(typed, CONTEXT, TODAY) == replace(
        least(), phone="+4935211234", contact_channel=ContactChannel.BOTH, gender=Gender.FEMALE,
        languages=(Spoken("prs", Level.NATIVE, ("Hazaragi",)), Spoken("fa", Level.C1)),
        qualification=Qualification.CERTIFIED, experience=frozenset({"doctor"}),
        refused_settings=frozenset({"clinic"}), refused_organisations=frozenset({10}),
        modes=(Mode.PHONE, Mode.ON_SITE), transport=Transport.BICYCLE, max_distance_km=15, weekly_hours_limit=7.5,
        night=True, short_notice=True, avoid_own_municipality=True, share_phone=True,
        documents=(
            SeenDocument(
                Document(DocumentType.UNDERTAKING, date(2026, 1, 5), date(2030, 1, 5)), date(2026, 1, 5)
            ),
        ),
        active=False, ui_language="prs", external_id="M 17", remarks="eins\nzwei",
    )  # fmt: skip


def test_everything_that_is_missing_is_told_at_once() -> None:
    fields = ("name", "phone", "home", "languages", "german_level", "modes")

    with pytest.raises(Invalid) as invalid:
        check(TypedMediator(), CONTEXT, TODAY)

    assert invalid.value.errors == dict.fromkeys(fields, ("required",))


@pytest.mark.parametrize(
    ("email", "phone", "channel", "found"),
    [
        ("a@example.org", "", "", NONE),
        ("", "+4935211234", "", NONE),
        ("", "+4935211234", "phone", NONE),
        ("a@example.org", "", "phone", {"phone": ("required",)}),
        ("", "+4935211234", "mail", {"email": ("required",)}),
        ("", "+4935211234", "both", {"email": ("required",)}),
        ("a@example.org", "", "both", {"phone": ("required",)}),
        ("a@example.org", "+4935211234", "both", NONE),
        ("a@example.org, b@example.org", "", "", {"email": ("not_an_address",)}),
        ("p\u0430ul@example.org", "", "", {"email": ("mixed_script",)}),
        ("a@example.org", "03521", "", {"phone": ("not_a_phone",)}),
        ("a@example.org", "", "pigeon", {"contact_channel": ("unknown",)}),
    ],
    ids=["mail", "phone", "phone said", "phone without number", "mail without address", "both without address",
         "both without number", "both", "two addresses", "mixed script", "local number", "unknown"],
)  # fmt: skip
def test_the_channel_has_what_it_needs(email: str, phone: str, channel: str, found: Errors) -> None:
    assert errors(email=email, phone=phone, contact_channel=channel) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"name": "x" * 121}, {"name": ("too_long",)}),
        ({"name": "Müller\r\nBcc: x"}, {"name": ("control_characters",)}),
        ({"gender": "none"}, {"gender": ("unknown",)}),
        ({"home": TypedPlace(postal_code="01067", town="Dresden")}, NONE),
        ({"home": TypedPlace(postal_code="99999")}, {"home.postal_code": ("unknown",)}),
        ({"languages": (TypedSpoken("xx", "B2"),)}, {"languages.0.code": ("unknown",)}),
        ({"languages": (TypedSpoken("und", "B2"),)}, {"languages.0.code": ("unknown",)}),
        ({"languages": (TypedSpoken("prs", "B2"),) * 2}, {"languages.1.code": ("repeated",)}),
        ({"languages": (TypedSpoken("prs", "B2"), TypedSpoken("fa", ""))}, {"languages.1.level": ("required",)}),
        ({"languages": (TypedSpoken("prs", "A1"),)}, {"languages.0.level": ("unknown",)}),
        ({"languages": (TypedSpoken("prs", "B2", ("a\x00",)),)}, {"languages.0.dialects": ("control_characters",)}),
        ({"languages": (TypedSpoken("prs", "B2", ("x" * 150, "y" * 50)),)}, {"languages.0.dialects": ("too_long",)}),
        ({"german_level": "A1"}, {"german_level": ("unknown",)}),
        ({"qualification": "expert"}, {"qualification": ("unknown",)}),
        ({"experience": ("party",)}, {"experience": ("unknown",)}),
        ({"refused_settings": ("party",)}, {"refused_settings": ("unknown",)}),
        ({"experience": ("doctor",), "refused_settings": ("doctor",)}, {"refused_settings": ("also_experience",)}),
        ({"refused_organisations": (12,)}, {"refused_organisations": ("unknown",)}),
        ({"modes": ("on_site", "letter")}, {"modes": ("unknown",)}),
        ({"transport": "horse"}, {"transport": ("unknown",)}),
        ({"max_distance_km": 0}, {"max_distance_km": ("out_of_range",)}),
        ({"max_distance_km": 1}, NONE),
        ({"max_distance_km": 500}, NONE),
        ({"max_distance_km": 501}, {"max_distance_km": ("out_of_range",)}),
        ({"weekly_hours_limit": 0}, {"weekly_hours_limit": ("out_of_range",)}),
        ({"weekly_hours_limit": 0.5}, NONE),
        ({"weekly_hours_limit": 60}, NONE),
        ({"weekly_hours_limit": 61}, {"weekly_hours_limit": ("out_of_range",)}),
        ({"weekly_hours_limit": nan}, {"weekly_hours_limit": ("out_of_range",)}),
        ({"weekly_hours_limit": inf}, {"weekly_hours_limit": ("out_of_range",)}),
        ({"ui_language": "xx"}, {"ui_language": ("unknown",)}),
        ({"external_id": "x" * 201}, {"external_id": ("too_long",)}),
        ({"remarks": "x" * 501}, {"remarks": ("too_long",)}),
    ],
    ids=lambda value: ",".join(f"{key}={str(one)[:40]}" for key, one in value.items()) if value else "",
)  # fmt: skip
def test_a_code_is_found(changes: dict[str, Any], found: Errors) -> None:
    assert errors(**changes) == found


def test_more_languages_than_anybody_speaks_are_refused() -> None:
    many = tuple(TypedSpoken(code, "B2") for code in (*TABLE, *TABLE))

    assert errors(languages=many)["languages"] == ("too_many",)


def document(**changes: Any) -> tuple[TypedDocument, ...]:
    return (TypedDocument("undertaking", date(2026, 1, 5))._replace(**changes),)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, NONE),
        ({"type": "diploma"}, {"documents.0.type": ("unknown",)}),
        ({"type": ""}, {"documents.0.type": ("required",)}),
        ({"seen_on": None}, {"documents.0.seen_on": ("required",)}),
        ({"seen_on": TODAY}, NONE),
        ({"seen_on": date(2026, 11, 25)}, {"documents.0.seen_on": ("in_the_future",)}),
        ({"issued_on": date(2026, 1, 5)}, NONE),
        ({"issued_on": date(2026, 1, 6)}, {"documents.0.issued_on": ("after_seen",)}),
        ({"issued_on": date(1949, 12, 31)}, {"documents.0.issued_on": ("out_of_calendar",)}),
        ({"valid_until": date(2200, 1, 1)}, {"documents.0.valid_until": ("out_of_calendar",)}),
        ({"valid_until": date(2026, 1, 1)}, NONE),
        ({"issued_on": date(2026, 1, 2), "valid_until": date(2026, 1, 1)},
         {"documents.0.valid_until": ("before_issued",)}),
        ({"type": "conduct_certificate"}, {"documents.0.issued_on": ("required",)}),
        ({"type": "conduct_certificate", "issued_on": date(2025, 1, 1)}, NONE),
        ({"type": "measles_proof"}, NONE),
    ],
    ids=["plain", "unknown", "no type", "not seen", "seen today", "seen tomorrow", "issued that day",
         "issued afterwards", "1949", "2200", "ended already", "ends before it begins", "undated certificate",
         "certificate", "measles"],
)  # fmt: skip
def test_the_dates_of_a_document_make_sense(changes: dict[str, Any], found: Errors) -> None:
    assert errors(documents=document(**changes)) == found


def test_what_the_edge_could_not_read_is_told_with_the_rest() -> None:
    with pytest.raises(Invalid) as invalid:
        check(replace(LEAST, name="", email=""), CONTEXT, TODAY, found={"phone": ["not_a_phone"]})

    assert invalid.value.errors == {"phone": ("not_a_phone",), "name": ("required",)}
