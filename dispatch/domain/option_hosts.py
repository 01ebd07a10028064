"""Addresses as options: names of hosts, one on each line, public ones only; and the address of a page."""

from dataclasses import dataclass
from typing import Any

from dispatch.domain.contacts import ContactRefused, parse_link
from dispatch.domain.option_kinds import Known, Reading, Single, Widget, of_type
from dispatch.domain.web_addresses import AddressRefused, parse_host

MOST_HOSTS = 100


@dataclass(frozen=True)
class Hosts(Single):
    """Names of hosts, one a line, kept as DNS knows them."""

    widget = Widget.PROSE

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return {name: "\n".join(value)}

    def parse(self, name: str, reading: Reading) -> tuple[str, ...]:
        lines = [line for line in reading.form.get(name, "").splitlines() if line.strip()]
        if len(lines) > MOST_HOSTS:
            reading.findings.add(name, "too_many")
            return ()
        hosts: list[str] = []
        for line in lines:
            try:
                hosts.append(parse_host(line))
            except AddressRefused:
                reading.findings.add(name, "not_hosts")
        return tuple(dict.fromkeys(hosts))

    def dump(self, value: Any) -> list[str]:
        return list(value)

    def load(self, raw: Any) -> tuple[str, ...]:
        hosts = tuple(parse_host(of_type(str, host)) for host in of_type(list, raw))
        if len(hosts) > MOST_HOSTS:
            raise ValueError("too_many")
        return hosts


@dataclass(frozen=True)
class Link(Single):
    """The address of one page that begins with https://, or none."""

    def parse(self, name: str, reading: Reading) -> str:
        text = reading.text(name)
        if not text:
            return ""
        try:
            link = parse_link(text)
        except ContactRefused as refused:
            reading.findings.add(name, refused.code)
            return ""
        if not link.startswith("https://"):
            reading.findings.add(name, "not_a_link")
        return link
