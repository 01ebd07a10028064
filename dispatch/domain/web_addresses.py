"""Decide which web addresses the service may call that somebody typed in: public hosts, encrypted, nothing else.

It looks nothing up: what a name stands for is asked by `outgoing.safe_http`, which has each answer judged here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, quote, urlsplit

from dispatch.domain.contacts import parse_domain
from dispatch.domain.texts import clean_line, mixes_scripts

HTTPS = 443
PORTS = frozenset({HTTPS})
LONGEST = 2000
LONGEST_HOST = 253
_LITERAL = "%/:=&?+!$,;'()*@-._~[]"
"""Signs of a path or a question that stay as they were typed."""
_INNER_ENDS = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa", "localdomain")
"""Names that are known in one network only (RFC 6761, 6762, 8375; ICANN's `internal`, 2024-07-29)."""
_INNER_V4 = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32",  # answers for a cloud's own machines
        ),
    )
)  # fmt: skip
"""IANA's list of IPv4 addresses for a special purpose, 2025-10-09, and one that a provider keeps for itself."""
_PUBLIC_V6 = IPv6Network("2000::/3")
_INNER_V6 = tuple(map(ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
"""Of the addresses given out at all: protocols with Teredo, examples, 6to4. IPv4 in IPv6 (mapped, NAT64) is outside."""


class AddressRefused(ValueError):
    """A typed address may not be called; `code` is a stable word for the field's error."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class WebAddress:
    """An address that may be called, in one form: host in ASCII and lower case, `target` with what is asked for."""

    host: str
    port: int
    target: str

    @property
    def netloc(self) -> str:
        """The host as a header and an address name it."""
        return self.host if self.port == HTTPS else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"https://{self.netloc}{self.target}"


def parse_address(raw: str, *, ports: Collection[int] = PORTS) -> WebAddress:
    """Return the address that was typed.

    AddressRefused: `empty`, `too_long`, `control_characters`, `mixed_script` for look-alike letters;
    `not_https`; `has_sign_in` for a user name; `port_not_allowed`; `not_a_name` for numbers in place of a name;
    `not_public` for names of one network only; `not_an_address` otherwise, such as one with blank, backslash or `#`.
    """
    cleaned = clean_line(raw, LONGEST)
    if cleaned.codes:
        raise AddressRefused(cleaned.codes[0])
    address = cleaned.text
    if not address:
        raise AddressRefused("empty")
    if any(sign in address for sign in " \\#"):
        raise AddressRefused("not_an_address")
    parts = _split(address)
    host = parse_host(parts.hostname or "")
    if (port := _port(parts)) not in ports:
        raise AddressRefused("port_not_allowed")
    target = quote(parts.path or "/", safe=_LITERAL) + (f"?{quote(parts.query, safe=_LITERAL)}" if parts.query else "")
    return WebAddress(host, port, target)


def parse_host(raw: str) -> str:
    """Return the name of a host that may be public, as DNS knows it.

    AddressRefused: `mixed_script`, `not_a_name`, `not_public`, `not_an_address` as in `parse_address`.
    """
    host = raw.strip().lower().removesuffix(".")
    if not host:
        raise AddressRefused("not_an_address")
    if mixes_scripts(host):
        raise AddressRefused("mixed_script")
    if ":" in host or _is_number(host.rpartition(".")[2]):
        raise AddressRefused("not_a_name")
    if any(host == end or host.endswith(f".{end}") for end in _INNER_ENDS):
        raise AddressRefused("not_public")
    name = parse_domain(host)
    if name is None or len(name) > LONGEST_HOST:
        raise AddressRefused("not_an_address")
    return name


def is_public(address: str) -> bool:
    """Tell whether an internet address belongs to a host that anybody may reach; False for what is none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_v4(parsed) if isinstance(parsed, IPv4Address) else _is_public_v6(parsed)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in network for network in _INNER_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in _PUBLIC_V6:
        return False
    return not any(address in network for network in _INNER_V6)


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise AddressRefused("not_an_address") from error
    if parts.scheme != "https":
        raise AddressRefused("not_https" if parts.scheme and parts.netloc else "not_an_address")
    if "@" in parts.netloc:
        raise AddressRefused("has_sign_in")
    if "[" in parts.netloc:
        raise AddressRefused("not_a_name")
    if "%" in parts.netloc:
        raise AddressRefused("not_an_address")
    return parts


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise AddressRefused("not_an_address") from error
    return HTTPS if port is None else port


def _is_number(label: str) -> bool:
    """Tell whether a last label makes programs read the name as a number: 1, 0x7f (WHATWG URL, 2025-10)."""
    return label.isdigit() or (label.startswith("0x") and all(sign in "0123456789abcdef" for sign in label[2:]))
