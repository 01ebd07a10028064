"""Which web addresses the service may call."""

import pytest

from dispatch.domain.web_addresses import LONGEST, AddressRefused, is_public, parse_address


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        pytest.param(" https://hooks.Example.org/a?b=c ", "https://hooks.example.org/a?b=c", id="case and blanks"),
        pytest.param("HTTPS://example.org", "https://example.org/", id="no path"),
        pytest.param("https://example.org:443/a", "https://example.org/a", id="the usual port"),
        pytest.param("https://example.org./a", "https://example.org/a", id="dot at the end"),
        pytest.param("https://straße.example/ä ".rstrip(), "https://xn--strae-oqa.example/%C3%A4", id="umlauts"),
        pytest.param("https://example.org/a%20b?x=%2F", "https://example.org/a%20b?x=%2F", id="encoded stays"),
        pytest.param("https://localhost.example.org/", "https://localhost.example.org/", id="a name that only begins"),
    ],
)
def test_an_address_is_kept_in_one_form(raw: str, kept: str) -> None:
    assert parse_address(raw).url == kept


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param("", "empty", id="nothing"),
        pytest.param(f"https://example.org/{'x' * LONGEST}", "too_long", id="too long"),
        pytest.param("https://example.org/\x00", "control_characters", id="NUL"),
        pytest.param("https://example.org/\r\nX-A: b", "control_characters", id="line break"),
        pytest.param("https://exam\tple.org /", "not_an_address", id="tab"),
        pytest.param("http://example.org/", "not_https", id="http"),
        pytest.param("ftp://example.org/", "not_https", id="ftp"),
        pytest.param("file:///etc/passwd", "not_an_address", id="file"),
        pytest.param("javascript:alert(1)", "not_an_address", id="script"),
        pytest.param("example.org/a", "not_an_address", id="no scheme"),
        pytest.param("//example.org/a", "not_an_address", id="no scheme but slashes"),
        pytest.param("https:///a", "not_an_address", id="no host"),
        pytest.param("https://me:secret@example.org/", "has_sign_in", id="user name"),
        pytest.param("https://example.org@127.0.0.1/", "has_sign_in", id="host as user name"),
        pytest.param("https://127.0.0.1\\@1.1.1.1/", "not_an_address", id="backslash"),
        pytest.param("https://example.org#@127.0.0.1/", "not_an_address", id="fragment"),
        pytest.param("https://example.org:8443/", "port_not_allowed", id="another port"),
        pytest.param("https://example.org:22/", "port_not_allowed", id="port of another service"),
        pytest.param("https://example.org:99999/", "not_an_address", id="no port"),
        pytest.param("https://127%2e0.0.1/", "not_an_address", id="encoded host"),
        pytest.param("https://127.0.0.1/", "not_a_name", id="loopback"),
        pytest.param("https://[::1]/", "not_a_name", id="loopback in IPv6"),
        pytest.param("https://[::ffff:127.0.0.1]/", "not_a_name", id="IPv4 in IPv6"),
        pytest.param("https://169.254.169.254/latest/meta-data", "not_a_name", id="metadata"),
        pytest.param("https://2130706433/", "not_a_name", id="decimal"),
        pytest.param("https://0x7f.1/", "not_a_name", id="hexadecimal"),
        pytest.param("https://a.0x7f/", "not_a_name", id="hexadecimal at the end"),
        pytest.param("https://017700000001/", "not_a_name", id="octal"),
        pytest.param("https://127.1/", "not_a_name", id="short"),
        pytest.param("https://127.0.0.1./", "not_a_name", id="dot after a number"),
        pytest.param("https://１２７.0.0.1/", "not_a_name", id="wide digits"),
        pytest.param("https://8.8.8.8/", "not_a_name", id="public number"),
        pytest.param("https://localhost/", "not_public", id="localhost"),
        pytest.param("https://LOCALHOST./", "not_public", id="localhost with dot"),
        pytest.param("https://a.localhost/", "not_public", id="below localhost"),
        pytest.param("https://printer.local/", "not_public", id="local"),
        pytest.param("https://db.internal/", "not_public", id="internal"),
        pytest.param("https://metadata.google.internal/", "not_public", id="metadata by name"),
        pytest.param("https://router.home.arpa/", "not_public", id="home.arpa"),
        pytest.param("https://intranet/", "not_public", id="a known word"),
        pytest.param("https://server/", "not_an_address", id="one word"),
        pytest.param("https://ex_ample.org/", "not_an_address", id="underscore"),
        pytest.param("https://-a.org/", "not_an_address", id="hyphen first"),
        pytest.param("https://a..org/", "not_an_address", id="two dots"),
        pytest.param(f"https://{'a' * 64}.org/", "not_an_address", id="label too long"),
        pytest.param(f"https://{'a.' * 127}org/", "not_an_address", id="name too long"),
        pytest.param("https://ex\u0430mple.org/", "mixed_script", id="look-alike letter"),
        pytest.param("https://example.org\u3002evil.org/", "not_an_address", id="another full stop"),
        pytest.param("https://[example.org]/", "not_an_address", id="brackets"),
        pytest.param("https://[v1.example.org]/", "not_a_name", id="future brackets"),
    ],
)
def test_an_address_is_refused(raw: str, code: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        parse_address(raw)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        pytest.param("8.8.8.8", True, id="public"),
        pytest.param("2a00:1450:4001:80f::200e", True, id="public IPv6"),
        pytest.param("100.63.255.255", True, id="before the providers' network"),
        pytest.param("100.64.0.1", False, id="the providers' network"),
        pytest.param("127.0.0.1", False, id="loopback"),
        pytest.param("127.255.255.254", False, id="all of loopback"),
        pytest.param("10.0.0.1", False, id="private 10"),
        pytest.param("172.16.0.1", False, id="private 172.16"),
        pytest.param("172.32.0.1", True, id="after private 172.16"),
        pytest.param("192.168.1.1", False, id="private 192.168"),
        pytest.param("169.254.169.254", False, id="metadata"),
        pytest.param("168.63.129.16", False, id="metadata of another provider"),
        pytest.param("0.0.0.0", False, id="unspecified"),
        pytest.param("0.1.2.3", False, id="this network"),
        pytest.param("192.0.2.1", False, id="example"),
        pytest.param("198.18.0.1", False, id="benchmarks"),
        pytest.param("224.0.0.1", False, id="multicast"),
        pytest.param("240.0.0.1", False, id="reserved"),
        pytest.param("255.255.255.255", False, id="broadcast"),
        pytest.param("::1", False, id="IPv6 loopback"),
        pytest.param("::", False, id="IPv6 unspecified"),
        pytest.param("::ffff:8.8.8.8", False, id="mapped"),
        pytest.param("::127.0.0.1", False, id="compatible"),
        pytest.param("64:ff9b::7f00:1", False, id="NAT64"),
        pytest.param("64:ff9b:1::1", False, id="local NAT64"),
        pytest.param("2002:7f00:1::", False, id="6to4"),
        pytest.param("2001:0:7f00:1::", False, id="Teredo"),
        pytest.param("2001:db8::1", False, id="IPv6 example"),
        pytest.param("3fff::1", False, id="the newer IPv6 example"),
        pytest.param("fe80::1", False, id="link-local"),
        pytest.param("2a00:1450::1%eth0", False, id="bound to one line"),
        pytest.param("fc00::1", False, id="unique local"),
        pytest.param("fd00:ec2::254", False, id="metadata IPv6"),
        pytest.param("ff02::1", False, id="IPv6 multicast"),
        pytest.param("2130706433", False, id="decimal"),
        pytest.param("0x7f.1", False, id="hexadecimal"),
        pytest.param("0177.0.0.1", False, id="octal"),
        pytest.param("localhost", False, id="a name"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_an_internet_address_is_public_or_not(address: str, verdict: bool) -> None:
    assert is_public(address) is verdict
