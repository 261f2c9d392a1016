"""Which files may be fetched from elsewhere: those that anybody on the internet can reach over HTTPS."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urljoin

from jobs.domain.errors import UrlNotAllowed

REDIRECTS = frozenset({301, 302, 303, 307, 308})

# One form, so that no two readers of a URL can differ about its host: no user, no port but 443, no brackets,
# no backslash, nothing outside ASCII (which without the flag a Kelvin sign would not be, being a K in lower
# case). Names in other scripts are written as DNS has them, with xn--.
_URL = re.compile(
    r"https://(?P<host>[a-z0-9.-]+)(?::443)?(?P<target>(?:[/?#][!-~]*)?)", re.ASCII | re.IGNORECASE
)
_MAX_URL_CHARACTERS = 8192  # what common servers take; presigned URLs with a session's token have about 2,000
_MAX_HOST_CHARACTERS = 253  # RFC 1035, 2.3.4
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")  # what makes a host an IPv4 address: https://url.spec.whatwg.org
_INSIDE = frozenset({"arpa", "corp", "home", "internal", "intranet", "lan", "local", "localhost"})
"""Top-level domains under which no site on the internet lies."""

# Source: IANA's registries of special-purpose addresses, and of multicast. By hand, since `is_global` of the
# standard library takes some of them for public (multicast, 6to4, NAT64, IPv4-compatible).
_REFUSED = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""Outside of it are loopback, mapped, NAT64, link-local, unique-local and multicast addresses."""

_REFUSED_V6 = tuple(
    IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


@dataclass(frozen=True, slots=True)
class RemoteUrl:
    """``host`` is a name in lower case, ``target`` the path and query, as they go into the request."""

    host: str
    target: str

    def redirected(self, location: str | None) -> "RemoteUrl":
        """Where a ``Location`` header leads from here. Raises UrlNotAllowed."""
        if not location:
            raise UrlNotAllowed("redirect to nowhere")
        try:
            return parse_remote_url(urljoin(f"https://{self.host}{self.target}", location))
        except ValueError:
            raise UrlNotAllowed("malformed redirect") from None


def parse_remote_url(url: str) -> RemoteUrl:
    """Raises UrlNotAllowed for whatever is not https to port 443 of a host with a public name."""
    if len(url) > _MAX_URL_CHARACTERS:
        raise UrlNotAllowed("too long")
    found = _URL.fullmatch(url)
    if found is None:
        raise UrlNotAllowed("malformed")
    host = found["host"].lower()
    labels = host.split(".")
    if len(host) > _MAX_HOST_CHARACTERS or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        raise UrlNotAllowed("malformed host")
    if labels[-1] in _INSIDE or _NUMBER.fullmatch(labels[-1]):
        raise UrlNotAllowed("no public name", suspicious=True)
    target = found["target"].partition("#")[0]
    return RemoteUrl(host, target if target.startswith("/") else f"/{target}")


def check_addresses(addresses: Iterable[str]) -> None:
    """Raises UrlNotAllowed unless all of them, and at least one, are public.

    One that is not is enough: a name that leads outside and inside is no public name.
    """
    found = list(addresses)
    if not found:
        raise UrlNotAllowed("no address")
    if not all(map(_is_public, found)):
        raise UrlNotAllowed("inside address", suspicious=True)


def check_answer(status: int, encoding: str | None) -> None:
    """Raises UrlNotAllowed for an answer that is not the file itself, as it is."""
    if status != 200:
        raise UrlNotAllowed("status")
    if (encoding or "").strip().lower() not in ("", "identity"):  # it was asked for; may be a bomb
        raise UrlNotAllowed("content encoding")


def _is_public(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        public = address in _GLOBAL_UNICAST and address.scope_id is None
        return public and not any(address in network for network in _REFUSED_V6)
    return not any(address in network for network in _REFUSED)
