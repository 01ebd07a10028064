"""Name the place a request comes from, for throttles, without telling its address to anybody."""

import hmac
from ipaddress import IPv6Address, IPv6Network, ip_address

from flask import current_app, request

NETWORK_BITS = 64
"""A household or office holds a whole IPv6 network of this length."""


def client() -> str:
    """Return the same word for the same address (IPv6: the same network) as long as the key stays the same."""
    return hmac.digest(
        current_app.config["SECRET_KEY"].encode(), _place(request.remote_addr or "").encode(), "sha256"
    ).hex()


def _place(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        known = known.ipv4_mapped or known
    if isinstance(known, IPv6Address):
        return str(IPv6Network((known, NETWORK_BITS), strict=False))
    return str(known)
