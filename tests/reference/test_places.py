"""Prove that typed places are found as one known point, or asked back."""

import pytest

from dispatch.reference import places


def test_the_district_has_28_municipalities_in_four_social_areas() -> None:
    counts = [
        sum(1 for municipality in places.municipalities() if municipality.social_area == area)
        for area in places.social_areas()
    ]

    assert places.social_areas() == ("Großenhain", "Meißen", "Radebeul", "Riesa")
    assert counts == [8, 8, 4, 8]


def test_every_key_belongs_to_the_district_and_names_one_place() -> None:
    keys = [municipality.ags for municipality in places.municipalities()]

    assert {key[:5] for key in keys} == {places.DISTRICT_AGS}
    assert len(set(keys)) == 28


@pytest.mark.parametrize(
    ("postal_code", "town", "key"),
    [
        pytest.param("01662", None, "01662 Meißen", id="code of one town"),
        pytest.param("01067", None, "01067 Dresden", id="code of a town and its parts"),
        pytest.param("01665", None, None, id="code of several towns"),
        pytest.param("01665", "Klipphausen", "01665 Klipphausen", id="code and town"),
        pytest.param("01587", "Riesa OT Gröba", "01587 Riesa", id="part named after its town"),
        pytest.param("01558", "grossenhain", "01558 Großenhain", id="other spelling"),
        pytest.param("01609", "Röderaue", "01609 Röderaue", id="code known to Destatis only"),
        pytest.param("01640", "Brockwitz", "14627010", id="unnamed village of the only municipality"),
        pytest.param("01665", "Winkwitz", None, id="unnamed village, several municipalities"),
        pytest.param("01640", "Dresden", None, id="town of another code"),
        pytest.param("01067", "Dresden", "01067 Dresden", id="outside the district"),
        pytest.param("99999", "Nirgendwo", None, id="unknown code"),
    ],
)
def test_postal_code_and_town_name_one_place_or_none(postal_code: str, town: str | None, key: str | None) -> None:
    place = places.find_place(postal_code=postal_code, town=town)

    assert (place.key if place else None) == key


@pytest.mark.parametrize(
    ("ags", "postal_code", "key"),
    [
        pytest.param("14627140", None, "14627140", id="municipality as a whole"),
        pytest.param("14627100", "01665", "14627100", id="municipality with a shared code"),
        pytest.param("14627030", "01561", "01561 Ebersbach", id="the one town of both"),
        pytest.param("14627140", "01067", None, id="contradiction"),
        pytest.param("14612000", None, None, id="not of the district"),
        pytest.param(None, None, None, id="nothing"),
    ],
)
def test_a_municipality_key_may_come_with_a_postal_code(
    ags: str | None, postal_code: str | None, key: str | None
) -> None:
    place = places.find_place(ags=ags, postal_code=postal_code)

    assert (place.key if place else None) == key


def test_a_place_outside_has_a_point_but_no_social_area() -> None:
    place = places.find_place(postal_code="01067", town="Dresden")

    assert place is not None
    assert (place.is_inside, place.ags, place.social_area) == (False, None, None)
    assert (place.lat, place.lon) == (51.0547, 13.7269)


def test_a_part_of_a_municipality_keeps_its_own_point() -> None:
    part = places.find_place(postal_code="01683", town="Heynitz")

    assert part is not None
    assert (part.ags, part.municipality, part.social_area) == ("14627180", "Nossen", "Meißen")
    assert (part.lat, part.lon) == (51.0926, 13.3833)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        pytest.param("meissen", ["14627140", "01662 Meißen"], id="other spelling"),
        pytest.param("groeditz", ["14627050", "01609 Gröditz", "01609 Nauwalde"], id="umlaut written out"),
        pytest.param("seuß", ["01612 Diesbar-Seußlitz"], id="later word"),
        pytest.param("01662", ["14627140", "01662 Meißen"], id="postal code"),
        pytest.param("01067 dresden inn", ["01067 Dresden Innere Altstadt"], id="code and beginning"),
        pytest.param("hainrich", [], id="unknown"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_search_lists_whole_municipalities_first(query: str, keys: list[str]) -> None:
    assert [place.key for place in places.search(query)] == keys


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Hauptstraße 5", "Hauptstr. 5", True),
        ("Am Platz 1", "am platz  1", True),
        ("Hauptstraße 5", "Hauptstraße 6", False),
    ],
)
def test_one_address_has_one_key_whatever_its_spelling(first: str, second: str, same: bool) -> None:
    place = places.find_place(ags="14627140")

    assert place is not None
    assert (places.address_key(place, first) == places.address_key(place, second)) is same
    assert places.address_key(place, " ") is None
