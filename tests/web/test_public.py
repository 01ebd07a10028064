"""Pages for everybody: three doors, the languages of the pool, and what the law asks to be said."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch import clock
from dispatch.database import db
from dispatch.domain.permissions import Actor, Role
from dispatch.i18n.locales import LOCALES
from dispatch.services import option_changes
from tests.builders import NOW, Builder
from tests.statements import counted
from tests.web.conftest import ClientFor


def languages_of(page: str) -> list[tuple[str, str]]:
    return re.findall(r'lang="(\w+)">[^<]*</bdi></span> <span class="langs__n">(\d+)<', page)


def test_the_start_names_languages_of_five_speakers_and_counts_the_others(client: FlaskClient, build: Builder) -> None:
    for _ in range(5):
        build.mediator(languages=(("ar", "native"), ("prs", "C1")), weekly=())
    build.mediator(languages=(("ar", "native"), ("uk", "native")), weekly=())
    build.mediator(languages=(("ti", "native"),), weekly=(), active=False)

    page = client.get("/?lang=en").text

    assert languages_of(page) == [("ar", "6"), ("prs", "5")]
    assert "1 more language on request." in page
    assert "ti" not in dict(languages_of(page))


def test_an_empty_pool_names_no_language(client: FlaskClient) -> None:
    page = client.get("/").text

    assert languages_of(page) == []
    assert 'class="langs"' not in page


@pytest.mark.parametrize("people", [1, 12])
def test_the_start_takes_two_statements(client: FlaskClient, build: Builder, people: int) -> None:
    for _ in range(people):
        build.mediator(weekly=())

    with counted(db.engine) as statements:
        client.get("/")

    assert len(statements) == 2


def doors(page: str) -> list[str]:
    return re.findall(r'class="door__link" href="([^"]+)"', page)


@pytest.mark.parametrize(
    ("role", "mediators_door"),
    [
        pytest.param("mediator", "/appointments", id="mediator"),
        pytest.param("administrator", "/users", id="administrator"),
        pytest.param("observer", "/account", id="observer"),
    ],
)
def test_the_doors_lead_where_the_reader_may_go(
    build: Builder, client_for: ClientFor, role: str, mediators_door: str
) -> None:
    page = client_for(build.user(role)).get("/").text

    assert mediators_door in (doors(page)[-1], *re.findall(r'class="door__more" href="([^"]+)"', page))


@pytest.mark.parametrize(("tag", "first"), [("de", "office"), ("ar", "help"), ("en", "help")])
def test_who_reads_german_finds_the_door_of_offices_first_and_others_their_own(
    client: FlaskClient, tag: str, first: str
) -> None:
    found = doors(client.get(f"/?lang={tag}").text)

    office = next(place for place, href in enumerate(found) if href.startswith("/requests/new"))
    assert (len(found), office) == (3, 0 if first == "office" else 1)


@pytest.mark.parametrize("path", ["/impressum", "/datenschutz", "/barrierefreiheit"])
@pytest.mark.parametrize("tag", ["de", "ar", "en"])
def test_what_the_law_asks_is_there_in_every_language(client: FlaskClient, path: str, tag: str) -> None:
    response = client.get(f"{path}?lang={tag}")

    assert response.status_code == 200
    assert "koordination@dolmetscherdienst.example" in response.text


@pytest.mark.parametrize(
    ("tag", "days", "months"),
    [
        ("de", "bis 14 Tage nach ihrem Ende", "bis 6 Monate nach dem letzten Einsatz des Falls"),
        ("en", "until 14 days after its end", "until 6 months after its last appointment"),
        ("ar", "حتى 14 يومًا بعد نهايته", "حتى 6 أشهر بعد آخر موعد لها"),
    ],
)
def test_the_periods_are_those_in_force(client: FlaskClient, tag: str, days: str, months: str) -> None:
    administrator = Actor(None, Role.ADMINISTRATOR)
    form = {**option_changes.sheet(administrator, "retention").typed, "detail_days": "14"}
    option_changes.save(administrator, "retention", form, 0, NOW)

    page = client.get(f"/datenschutz?lang={tag}").text

    assert [days in page, months in page] == [True, True]


def test_no_page_points_to_what_is_not_built(client: FlaskClient, app: Flask) -> None:
    page = client.get("/").text + client.get("/leichte-sprache").text

    known = {rule.rule for rule in app.url_map.iter_rules()}
    assert [path for path in ("/help-request", "/join") if (f'href="{path}' in page) != (path in known)] == []


def said(topic: str, **values: str) -> None:
    """Set options as the administration does on their page."""
    administrator = Actor(None, Role.ADMINISTRATOR)
    form = {**option_changes.sheet(administrator, topic).typed, **values}
    option_changes.save(administrator, topic, form, 0, NOW)


@pytest.mark.parametrize("tag", ["de", "ar"])
def test_easy_language_is_german_whatever_the_language_of_the_page(client: FlaskClient, tag: str) -> None:
    page = client.get(f"/leichte-sprache?lang={tag}").text

    assert '<article class="text easy" lang="de" dir="ltr">' in page
    assert ("Mo–Do 8–16 Uhr" in page, 'class="easy__head"' in page) == (True, tag != "de")


def test_easy_language_keeps_its_rules(client: FlaskClient) -> None:
    article = re.search(r"<article.*</article>", client.get("/leichte-sprache").text, re.S)
    assert article is not None
    lines = [re.sub(r"<[^>]+>", "", line).strip() for line in re.split(r"<br>|</?p>|</?li>|</?h\d", article[0])]
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", article[0])

    assert [one for one in headings if not one.endswith("?")] == []
    assert [line for line in lines if len(line.split()) > 12] == []
    assert re.findall(r"\b(?:würden?|könnten?|wurden?|worden)\b", article[0]) == []


def test_a_film_in_sign_language_is_shown_once_it_has_an_address(client: FlaskClient) -> None:
    before = client.get("/leichte-sprache").text + client.get("/barrierefreiheit?lang=en").text
    said("statement", film="https://video.example.org/dgs")
    after = client.get("/leichte-sprache").text + client.get("/barrierefreiheit?lang=en").text

    assert ("video.example.org" in before, "There is no film in sign language yet." in before) == (False, True)
    assert ('href="https://video.example.org/dgs"' in after, "There is no film" in after) == (True, False)


def test_the_statement_names_the_body_of_the_state_unless_the_district_says_otherwise(client: FlaskClient) -> None:
    shipped = client.get("/barrierefreiheit?lang=en").text
    said("statement", enforcement="Schlichtungsstelle Elbland", reviewed_on="02.11.2026")
    own = client.get("/barrierefreiheit?lang=en").text

    assert "durchsetzungsstelle@sk.sachsen.de" in shipped
    assert ("Schlichtungsstelle Elbland" in own, "sk.sachsen.de" in own) == (True, False)
    assert "We last reviewed this statement on Mon, 2 November 2026." in own


def test_imprint_and_privacy_say_what_the_options_say(client: FlaskClient) -> None:
    shipped = client.get("/impressum?lang=en").text + client.get("/datenschutz?lang=en").text
    said("operator", represented_by="Landrätin Maria Beispiel", privacy_officer="Frau Kühn\nTelefon 03521 000 150")
    own = client.get("/impressum?lang=en").text + client.get("/datenschutz?lang=en").text

    assert ("Represented by" in shipped, "Data protection officer" in shipped, "post@sdtb.sachsen.de" in shipped) == (
        False, False, True,
    )  # fmt: skip
    assert "Landrätin Maria Beispiel" in own
    assert "Frau Kühn<br>Telefon 03521 000 150" in own


def test_security_txt_says_where_to_report_and_ends_within_a_year(client: FlaskClient, app: Flask) -> None:
    said("security", mailbox="sicherheit@landkreis.example", policy="https://landkreis.example/regeln")

    answer = client.get("/.well-known/security.txt")

    fields = [line.split(": ", 1) for line in answer.text.splitlines()]
    found = dict(fields)
    assert (answer.status_code, answer.content_type, len(fields)) == (200, "text/plain; charset=utf-8", len(found))
    left = datetime.fromisoformat(found.pop("Expires")) - clock.now()
    assert timedelta(days=300) < left < timedelta(days=365)
    assert found == {
        "Contact": "mailto:sicherheit@landkreis.example",
        "Preferred-Languages": "de, en",
        "Canonical": f"{app.config['BASE_URL']}/.well-known/security.txt",
        "Policy": "https://landkreis.example/regeln",
    }


def test_the_foot_of_every_page_leads_to_the_form_for_barriers_and_tells_no_secret(client: FlaskClient) -> None:
    pages = ("/", "/o/geheim", "/nothing-is-here", "/impressum?lang=ar")

    ways = [re.findall(r'href="(/barrierefreiheit/feedback[^"]*)"', client.get(page).text) for page in pages]

    assert [way[0].replace("%2F", "/") for way in ways] == [
        "/barrierefreiheit/feedback?page=/",
        "/barrierefreiheit/feedback?page=/o/",
        "/barrierefreiheit/feedback",
        "/barrierefreiheit/feedback?lang=ar&amp;page=/impressum",
    ]


def test_the_menu_names_every_language_in_its_own_script_and_marks_the_one_in_force(client: FlaskClient) -> None:
    page = client.get("/?lang=ar").text

    entries = re.findall(r'class="drop__item" lang="([\w-]+)" hreflang="\1"[^>]*?( aria-current="true")?><bdi>', page)
    assert len(entries) == len(LOCALES)
    assert [lang for lang, current in entries if current] == ["ar"]
