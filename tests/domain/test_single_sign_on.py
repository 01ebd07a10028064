"""Who comes in by single sign-on, and as what: groups, roles, units and areas as tables."""

import pytest

from dispatch.domain.permissions import Role
from dispatch.domain.single_sign_on import (
    Cause,
    Entry,
    EntryFault,
    Grant,
    SignOnUntrusted,
    grant_of,
    groups_in,
    parse_roles,
    person_of,
    refuse_known,
    refuse_link,
    refuse_stranger,
)
from dispatch.domain.single_sign_on_settings import SettingFault, is_secure, read_settings

COORDINATION = Entry("koordination", Role.COORDINATOR)
ADMINISTRATION = Entry("verwaltung", Role.ADMINISTRATOR)
SCHOOL = Entry("schule", Role.REQUESTER, organisation_id=12)
NORTH = Entry("nord", Role.REGIONAL_COORDINATOR, area="Riesa")
WEST = Entry("west", Role.REGIONAL_COORDINATOR, area="Coswig")
ALL = (COORDINATION, ADMINISTRATION, SCHOOL, NORTH, WEST)
SOUND = {
    "OIDC_ISSUER": "https://sso.landkreis.de/realms/amt",
    "OIDC_CLIENT_ID": "dispatch",
    "OIDC_CLIENT_SECRET": "a secret",
    "OIDC_SCOPES": "openid email profile",
    "OIDC_GROUPS_CLAIM": "groups",
    "OIDC_ROLES": "koordination=coordinator",
}


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        pytest.param("", (), id="nothing"),
        pytest.param(" koordination = coordinator , verwaltung=administrator ", ALL[:2], id="blanks do not matter"),
        pytest.param("schule=requester:12", (SCHOOL,), id="a requester in a unit"),
        pytest.param("nord=regional_coordinator:Riesa", (NORTH,), id="a regional coordinator for an area"),
        pytest.param(
            "CN=GDD,OU=Amt,DC=lk=coordinator;",
            (Entry("CN=GDD,OU=Amt,DC=lk", Role.COORDINATOR),),
            id="semicolons where names hold commas; the last equals sign counts",
        ),
        pytest.param(
            "nord=regional_coordinator:Riesa,nord=regional_coordinator:Coswig",
            (NORTH, WEST._replace(group="nord")),
            id="areas of one group add up",
        ),
    ],
)
def test_entries_are_read_in_order(text: str, entries: tuple[Entry, ...]) -> None:
    assert parse_roles(text) == (entries, ())


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("koordination", "no_role"),
        ("=coordinator", "no_role"),
        ("koordination=", "no_role"),
        ("koordination=boss", "unknown_role"),
        ("koordination=system", "unknown_role"),
        ("sprachmittler=mediator", "personal_role"),
        ("schule=requester", "needs_organisation"),
        ("schule=requester:zwölf", "needs_organisation"),
        ("schule=requester:0", "needs_organisation"),
        ("schule=requester:99999999999", "needs_organisation"),
        ("nord=regional_coordinator", "needs_area"),
        ("koordination=coordinator:12", "takes_nothing"),
    ],
)
def test_a_wrong_entry_is_named_and_the_others_are_read(entry: str, code: str) -> None:
    assert parse_roles(f"{entry},verwaltung=administrator") == ((ADMINISTRATION,), (EntryFault(entry, code),))


def test_an_entry_that_would_never_count_is_a_fault() -> None:
    assert parse_roles("a=coordinator,a=administrator")[1] == (EntryFault("a=administrator", "twice"),)


@pytest.mark.parametrize(
    ("claims", "path", "groups"),
    [
        pytest.param({"groups": ["a", "b"]}, "groups", {"a", "b"}, id="a list"),
        pytest.param({"groups": "a"}, "groups", {"a"}, id="one text"),
        pytest.param({"realm_access": {"roles": ["a"]}}, "realm_access.roles", {"a"}, id="deeper by dots"),
        pytest.param({"https://x.example/g": ["a"]}, "https://x.example/g", {"a"}, id="a name with dots"),
        pytest.param({"groups": ["a", 7, None]}, "groups", {"a"}, id="what is no text is none"),
        pytest.param({"groups": {"a": True}}, "groups", set(), id="no list"),
        pytest.param({"realm_access": "roles"}, "realm_access.roles", set(), id="nothing deeper"),
        pytest.param({}, "groups", set(), id="no such claim"),
    ],
)
def test_groups_are_found_in_the_claim(claims: dict[str, object], path: str, groups: set[str]) -> None:
    assert groups_in(claims, path) == groups


@pytest.mark.parametrize(
    ("groups", "grant"),
    [
        pytest.param(set(), None, id="no group"),
        pytest.param({"kantine"}, None, id="a group that means nothing here"),
        pytest.param({"verwaltung"}, Grant(Role.ADMINISTRATOR), id="one group"),
        pytest.param({"verwaltung", "koordination"}, Grant(Role.COORDINATOR), id="the first entry decides"),
        pytest.param({"schule", "nord"}, Grant(Role.REQUESTER, 12), id="and takes nothing from the others"),
        pytest.param({"west", "nord"}, Grant(Role.REGIONAL_COORDINATOR, None, ("Riesa", "Coswig")), id="areas add up"),
        pytest.param({"Koordination"}, None, id="letters count as they are"),
    ],
)
def test_groups_make_a_role(groups: set[str], grant: Grant | None) -> None:
    assert grant_of(ALL, groups) == grant


@pytest.mark.parametrize(
    ("told", "email"),
    [
        pytest.param({"email": "Wolf@Example.org", "email_verified": True}, "wolf@example.org", id="confirmed"),
        pytest.param({"email": "wolf@example.org", "email_verified": "true"}, "wolf@example.org", id="in a text"),
        pytest.param({"email": "wolf@example.org", "email_verified": False}, None, id="not confirmed"),
        pytest.param({"email": "wolf@example.org"}, None, id="nothing said of it"),
        pytest.param({"email": ["wolf@example.org"], "email_verified": True}, None, id="no text"),
        pytest.param({"email": "no address\x00", "email_verified": True}, None, id="no address"),
    ],
)
def test_an_address_counts_only_when_it_is_confirmed(told: dict[str, object], email: str | None) -> None:
    assert person_of("i", {"sub": "s", **told}, "groups").email == email


@pytest.mark.parametrize(
    ("told", "name"),
    [
        pytest.param({"name": " Jana  Wolf "}, "Jana Wolf", id="the name"),
        pytest.param({"name": "Jana\x00Wolf"}, "w@example.org", id="else the address"),
        pytest.param({"name": 7, "email": None}, "s", id="else the subject"),
    ],
)
def test_somebody_always_has_a_name(told: dict[str, object], name: str) -> None:
    claims = {"sub": "s", "email": "w@example.org", "email_verified": True, **told}

    assert person_of("i", claims, "groups").name == name


@pytest.mark.parametrize("subject", [None, 7, "", "  ", "x" * 256, "a\x00b", "ä"])
def test_a_subject_that_the_standard_forbids_is_nobody(subject: object) -> None:
    with pytest.raises(SignOnUntrusted):
        person_of("i", {"sub": subject}, "groups")


GRANT = Grant(Role.COORDINATOR)


@pytest.mark.parametrize(
    ("grant", "email", "is_taken", "cause"),
    [
        pytest.param(GRANT, "w@example.org", False, None, id="an account is made"),
        pytest.param(None, "w@example.org", False, Cause.NO_GROUP, id="no group, no account"),
        pytest.param(GRANT, None, False, Cause.NO_ADDRESS, id="no address, no account"),
        pytest.param(GRANT, "w@example.org", True, Cause.ADDRESS_TAKEN, id="nobody's account is taken over"),
        pytest.param(None, "w@example.org", True, Cause.NO_GROUP, id="without a group nobody learns of an account"),
    ],
)
def test_a_stranger_gets_an_account(grant: Grant | None, email: str | None, is_taken: bool, cause: Cause) -> None:
    assert refuse_stranger(grant, email, is_taken=is_taken) == cause


@pytest.mark.parametrize(
    ("grant", "is_active", "has_lost", "cause"),
    [
        pytest.param(GRANT, True, False, None, id="as ever"),
        pytest.param(GRANT, False, True, None, id="a group again"),
        pytest.param(GRANT, False, False, Cause.DISABLED, id="disabled by a person"),
        pytest.param(None, True, False, Cause.NO_GROUP, id="group taken away"),
        pytest.param(None, False, True, Cause.NO_GROUP, id="still none"),
        pytest.param(None, False, False, Cause.DISABLED, id="disabled and no group"),
    ],
)
def test_somebody_known_comes_in(grant: Grant | None, is_active: bool, has_lost: bool, cause: Cause) -> None:
    assert refuse_known(grant, is_active=is_active, has_lost=has_lost) == cause


@pytest.mark.parametrize(
    ("grant", "others", "connected", "cause"),
    [
        pytest.param(Grant(Role.REQUESTER, 12), False, False, None, id="the same role and unit"),
        pytest.param(Grant(Role.REQUESTER, 13), False, False, Cause.OTHER_ROLE, id="another unit"),
        pytest.param(Grant(Role.ADMINISTRATOR), False, False, Cause.OTHER_ROLE, id="never more than one has"),
        pytest.param(None, False, False, Cause.NO_GROUP, id="no group"),
        pytest.param(Grant(Role.REQUESTER, 12), True, False, Cause.OTHER_ACCOUNT, id="somebody else's"),
        pytest.param(Grant(Role.REQUESTER, 12), False, True, Cause.CONNECTED, id="connected already"),
    ],
)
def test_an_account_is_connected(grant: Grant | None, others: bool, connected: bool, cause: Cause) -> None:
    found = refuse_link(grant, role=Role.REQUESTER, organisation_id=12, is_others=others, is_connected=connected)

    assert found == cause


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        pytest.param({}, [], id="sound"),
        pytest.param({"OIDC_ISSUER": "http://127.0.0.1:8080"}, [], id="a provider on this machine"),
        pytest.param({"OIDC_ISSUER": ""}, [("OIDC_ISSUER", "required", "")], id="no issuer"),
        pytest.param({"OIDC_ISSUER": "http://sso.de"}, [("OIDC_ISSUER", "not_secure", "")], id="not encrypted"),
        pytest.param({"OIDC_ISSUER": "sso.de"}, [("OIDC_ISSUER", "not_an_issuer", "")], id="no address"),
        pytest.param({"OIDC_ISSUER": "https://[x"}, [("OIDC_ISSUER", "not_an_issuer", "")], id="half an address"),
        pytest.param({"OIDC_ISSUER": "https://sso.de/?a=b"}, [("OIDC_ISSUER", "not_an_issuer", "")], id="a query"),
        pytest.param({"OIDC_CLIENT_SECRET": ""}, [("OIDC_CLIENT_SECRET", "required", "")], id="no secret"),
        pytest.param({"OIDC_ROLES": ""}, [("OIDC_ROLES", "required", "")], id="no roles"),
        pytest.param({"OIDC_ROLES": "a=b"}, [("OIDC_ROLES", "unknown_role", "a=b")], id="a wrong role"),
        pytest.param({"OIDC_SCOPES": "email"}, [("OIDC_SCOPES", "no_openid", "")], id="no OpenID"),
        pytest.param({"OIDC_GROUPS_CLAIM": "a..b"}, [("OIDC_GROUPS_CLAIM", "not_a_claim", "")], id="no claim"),
    ],
)
def test_settings_are_sound_or_off(changed: dict[str, str], faults: list[tuple[str, str, str]]) -> None:
    settings, found = read_settings({**SOUND, **changed})

    assert list(found) == [SettingFault(*fault) for fault in faults]
    assert (settings is None) == bool(faults)


def test_without_any_setting_there_is_no_single_sign_on_and_no_fault() -> None:
    assert read_settings({"OIDC_SCOPES": "openid email profile", "OIDC_GROUPS_CLAIM": "groups"}) == (None, ())


@pytest.mark.parametrize(
    ("address", "here", "expected"),
    [
        ("https://sso.de/token", False, True),
        ("http://sso.de/token", True, False),
        ("http://localhost:1/token", True, True),
        ("http://localhost:1/token", False, False),
        ("https://user:word@sso.de/token", False, False),
        ("file:///etc/passwd", True, False),
        ("//sso.de/token", False, False),
        ("https://[::1", True, False),
    ],
)
def test_the_provider_is_asked_over_tls(address: str, here: bool, expected: bool) -> None:
    assert is_secure(address, on_this_machine=here) == expected
