"""Attacks on the fetching of URLs that need no network: what a URL says, and where its name leads."""

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.domain.errors import UrlNotAllowed
from jobs.domain.remote_file import RemoteUrl, check_addresses, check_answer, parse_remote_url

ALLOWED = {
    "https://plans.example.com/a.png": RemoteUrl("plans.example.com", "/a.png"),
    "HTTPS://Plans.Example.COM:443/A.png?X-Sig=a%2Fb&n=%00": RemoteUrl(
        "plans.example.com", "/A.png?X-Sig=a%2Fb&n=%00"
    ),
    "https://plans.example.com": RemoteUrl("plans.example.com", "/"),
    "https://plans.example.com?plan=7#page=2": RemoteUrl("plans.example.com", "/?plan=7"),
    "https://plans.example.com#@127.0.0.1/": RemoteUrl("plans.example.com", "/"),
    "https://plans.example.com/a@127.0.0.1:22/": RemoteUrl("plans.example.com", "/a@127.0.0.1:22/"),
    "https://xn--plne-loa.example.com/": RemoteUrl("xn--plne-loa.example.com", "/"),
    "https://1.example.com/": RemoteUrl("1.example.com", "/"),
}

REFUSED = {
    "another scheme": "http://plans.example.com/a.png",
    "ftp": "ftp://plans.example.com/a.png",
    "a file": "file:///etc/passwd",
    "gopher": "gopher://plans.example.com:443/_GET",
    "a wrapped scheme": "view-source:https://plans.example.com/",
    "no host": "https:///a.png",
    "three slashes": "https:///plans.example.com/",
    "a space before": " https://plans.example.com/",
    "a line break after": "https://plans.example.com/\n",
    "another port": "https://plans.example.com:22/",
    "port 0443": "https://plans.example.com:0443/",
    "an empty port": "https://plans.example.com:/",
    "a user": "https://me@plans.example.com/",
    "a password": "https://me:secret@plans.example.com/",
    "a user that looks like the host": "https://plans.example.com@127.0.0.1/",
    "two at signs": "https://a@b@127.0.0.1/",
    "a backslash before the host": "https://plans.example.com\\@127.0.0.1/",
    "backslashes for slashes": "https:\\\\127.0.0.1\\",
    "an escaped slash in the host": "https://127.0.0.1%2f.plans.example.com/",
    "an escaped dot": "https://127%2e0.0.1/",
    "a tab in the host": "https://plans.exam\tple.com/",
    "a second request": "https://plans.example.com/ HTTP/1.1\r\nHost: inside\r\n\r\n",
    "a null": "https://plans.example.com/\x00",
    "loopback": "https://127.0.0.1/",
    "loopback, short": "https://127.1/",
    "loopback, decimal": "https://2130706433/",
    "loopback, hex": "https://0x7f000001/",
    "loopback, hex by byte": "https://0x7f.0x0.0x0.0x1/",
    "loopback, octal": "https://0177.0.0.1/",
    "loopback, mixed": "https://0x7f.1/",
    "loopback, padded": "https://127.000.000.001/",
    "loopback, trailing dot": "https://127.0.0.1./",
    "zero": "https://0/",
    "everywhere": "https://0.0.0.0/",
    "metadata": "https://169.254.169.254/latest/meta-data/",
    "metadata of tasks": "https://169.254.170.2/v2/credentials",
    "metadata, decimal": "https://2852039166/",
    "a number for a top-level domain": "https://plans.example.127/",
    "a hex top-level domain": "https://plans.example.0x7f/",
    "private": "https://10.0.0.1/",
    "a public address": "https://93.184.216.34/",
    "IPv6 loopback": "https://[::1]/",
    "IPv6 mapped": "https://[::ffff:127.0.0.1]/",
    "IPv6 mapped, hex": "https://[::ffff:7f00:1]/",
    "IPv6 with a zone": "https://[fe80::1%25eth0]/",
    "IPv6 metadata": "https://[fd00:ec2::254]/",
    "IPv6 without brackets": "https://::1/",
    "localhost": "https://localhost/",
    "localhost below": "https://plans.localhost/",
    "localhost, upper case": "https://LOCALHOST/",
    "a trailing dot": "https://plans.example.com./",
    "a name of one label": "https://jobs/",
    "a name inside": "https://ip-10-0-1-7.ec2.internal/",
    "a name inside, upper case": "https://Metadata.Google.INTERNAL/",
    "a name on the local network": "https://printer.local/",
    "an empty label": "https://plans..example.com/",
    "a label that begins with a hyphen": "https://-plans.example.com/",
    "a label too long": f"https://{'a' * 64}.example.com/",
    "a name too long": f"https://{'a.' * 127}com/",
    "an underscore": "https://a_b.example.com/",
    "full-width digits": "https://\uff11\uff12\uff17.0.0.1/",
    "circled letters": "https://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3/",
    "an ideographic full stop": "https://127\u30020\u30020\u30021/",
    "a soft hyphen": "https://local\u00adhost.example.com/",
    "a long s": "https://plan\u017f.example.com/",
    "a Kelvin sign": "https://\u212aeys.example.com/",
    "a path outside ASCII": "https://plans.example.com/pläne.png",
    "a URL too long": f"https://plans.example.com/{'a' * 8192}",
}


@pytest.mark.parametrize(("url", "meant"), ALLOWED.items(), ids=ALLOWED)
def test_a_url_of_a_public_name_is_taken_apart(url: str, meant: RemoteUrl) -> None:
    assert parse_remote_url(url) == meant


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED)
def test_a_url_that_is_anything_else_is_refused(url: str) -> None:
    with pytest.raises(UrlNotAllowed):
        parse_remote_url(url)


@given(st.text(max_size=40))
@example("plans.example.com\\@127.0.0.1")
def test_no_text_gets_another_kind_of_host_through(rest: str) -> None:
    try:
        found = parse_remote_url(f"https://{rest}")
    except UrlNotAllowed:
        return
    assert rest.lower().startswith(found.host)
    assert not found.host.replace(".", "").isdigit()
    assert found.target.isascii()
    assert found.target.isprintable()
    assert " " not in found.target


INSIDE = {
    "this network": "0.0.0.0",
    "private A": "10.1.2.3",
    "carrier-grade NAT": "100.64.0.1",
    "loopback": "127.0.0.1",
    "loopback, further": "127.255.255.254",
    "link-local": "169.254.1.1",
    "metadata": "169.254.169.254",
    "metadata of tasks": "169.254.170.2",
    "time of AWS": "169.254.169.123",
    "private B": "172.16.0.1",
    "private B, last": "172.31.255.255",
    "protocol assignments": "192.0.0.8",
    "documentation": "192.0.2.1",
    "6to4 relays": "192.88.99.1",
    "private C": "192.168.1.1",
    "benchmarks": "198.18.0.1",
    "documentation 2": "198.51.100.7",
    "documentation 3": "203.0.113.7",
    "multicast": "224.0.0.1",
    "multicast, scoped": "239.1.1.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "IPv6 unspecified": "::",
    "IPv6 loopback": "::1",
    "IPv4-compatible": "::7f00:1",
    "IPv4-mapped loopback": "::ffff:127.0.0.1",
    "IPv4-mapped public": "::ffff:93.184.216.34",
    "IPv4-translated": "::ffff:0:7f00:1",
    "NAT64 of loopback": "64:ff9b::7f00:1",
    "NAT64 of metadata": "64:ff9b::a9fe:a9fe",
    "NAT64, local": "64:ff9b:1::1",
    "discarded": "100::1",
    "Teredo": "2001:0:7f00:1::",
    "ORCHID": "2001:20::1",
    "IPv6 documentation": "2001:db8::1",
    "IPv6 documentation 2": "3fff::1",
    "6to4 of loopback": "2002:7f00:1::",
    "6to4 of a private address": "2002:a00:1::1",
    "segment routing": "5f00::1",
    "unique-local": "fd12:3456::1",
    "IPv6 metadata": "fd00:ec2::254",
    "IPv6 link-local": "fe80::1",
    "a zone": "fe80::1%eth0",
    "a zone on a public address": "2606:2800:220:1::1%1",
    "site-local": "fec0::1",
    "IPv6 multicast": "ff02::1",
    "no address at all": "inside",
}
PUBLIC = ["93.184.216.34", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:2800:220:1:248:1893:25c8:1946"]


@pytest.mark.parametrize("address", INSIDE.values(), ids=INSIDE)
def test_an_address_inside_is_refused(address: str) -> None:
    with pytest.raises(UrlNotAllowed):
        check_addresses([address])


@pytest.mark.parametrize("address", INSIDE.values(), ids=INSIDE)
def test_one_address_inside_among_public_ones_is_enough(address: str) -> None:
    with pytest.raises(UrlNotAllowed):
        check_addresses([*PUBLIC, address])


def test_public_addresses_are_allowed() -> None:
    check_addresses(PUBLIC)


def test_a_name_without_addresses_is_refused() -> None:
    with pytest.raises(UrlNotAllowed):
        check_addresses([])


@given(st.ip_addresses())
def test_what_the_standard_library_takes_for_special_is_never_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    embedded = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    special = address.is_multicast or address.is_reserved or not address.is_global
    if special or embedded is not None:
        with pytest.raises(UrlNotAllowed):
            check_addresses([str(address)])


LEADS = {
    "/b.png?x=1": RemoteUrl("plans.example.com", "/b.png?x=1"),
    "b.png": RemoteUrl("plans.example.com", "/a/b.png"),
    "//other.example.com/b": RemoteUrl("other.example.com", "/b"),
    "https://other.example.com/": RemoteUrl("other.example.com", "/"),
}
LEADS_INSIDE = [
    "http://plans.example.com/",
    "https://127.0.0.1/",
    "//127.0.0.1/",
    "//[::1]/",
    "//localhost/",
    "https://plans.example.com:22/",
    "//plans.example.com:22/",
    "//me@plans.example.com/",
    "file:///etc/passwd",
    "/\\127.0.0.1/ä",
    "https://[::1",
    "/a b",
]


@pytest.mark.parametrize(("location", "meant"), LEADS.items(), ids=LEADS)
def test_a_redirect_leads_to_another_public_name(location: str, meant: RemoteUrl) -> None:
    assert RemoteUrl("plans.example.com", "/a/a.png").redirected(location) == meant


@pytest.mark.parametrize("location", LEADS_INSIDE)
def test_a_redirect_is_judged_like_a_url(location: str) -> None:
    with pytest.raises(UrlNotAllowed):
        RemoteUrl("plans.example.com", "/a.png").redirected(location)


def test_only_the_file_itself_as_it_is_counts_as_an_answer() -> None:
    for encoding in (None, "", "identity", " Identity "):
        check_answer(200, encoding)
    for status, encoding in [(404, None), (206, None), (204, None), (200, "gzip"), (200, "identity, br")]:
        with pytest.raises(UrlNotAllowed):
            check_answer(status, encoding)


def test_every_refusal_reads_the_same() -> None:
    assert str(UrlNotAllowed("malformed")) == str(UrlNotAllowed("inside address", suspicious=True))
    assert not hasattr(UrlNotAllowed("status"), "details")
