"""H23, H28: what is public, and what an operator may open."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.net import Gate, is_public

CLOSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.0.1",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1",
    "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::",
    "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "2606:4700::5efe:7f00:1",
    "5f00::1",
    "", "localhost", "fe80::1%eth0", "127.1",
]  # fmt: skip
OPEN = [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.0.1", "172.32.0.1", "100.63.255.255", "192.0.1.1",
    "2606:4700::1111", "2a00:1450:4007::200e", "::ffff:8.8.8.8", "64:ff9b::808:808",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_not_public(address: str) -> None:
    """H23"""
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN)
def test_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_mapped_and_nat64_are_judged_by_what_they_hold(address: IPv4Address) -> None:
    """H23"""
    mapped = IPv6Address((0xFFFF << 32) | int(address))
    nat64 = IPv6Address((0x64FF9B << 96) | int(address))
    assert is_public(mapped) == is_public(nat64) == is_public(address)


@given(st.ip_addresses(v=6))
def test_never_public_outside_global_unicast(address: IPv6Address) -> None:
    """H23"""
    if is_public(address):
        assert int(address) >> 125 == 1 or address.ipv4_mapped or str(address).startswith("64:ff9b::")


def test_an_exception_opens_one_address_and_port() -> None:
    """H28"""
    gate = Gate(allow=["127.0.0.1:8800"])
    assert gate.permits("127.0.0.1", 8800)
    assert gate.permits("::ffff:127.0.0.1", 8800)
    assert not gate.permits("127.0.0.1", 8801)
    assert not gate.permits("127.0.0.2", 8800)


@pytest.mark.parametrize(
    ("allow", "address", "port", "expected"),
    [
        ("192.168.1.0/24:80", "192.168.1.77", 80, True),
        ("192.168.1.0/24:80", "192.168.2.1", 80, False),
        ("10.0.0.5", "10.0.0.5", 12345, True),
        ("[fd00::1]:8080", "fd00::1", 8080, True),
        ("[fd00::1]:8080", "fd00::1", 80, False),
        ("fd00::/8", "fdab::1", 1, True),
    ],
)
def test_forms_of_exceptions(allow: str, address: str, port: int, expected: bool) -> None:
    """H28"""
    assert Gate([allow]).permits(address, port) is expected


@pytest.mark.parametrize("text", ["localhost:80", "10.0.0.0/33", "10.0.0.1:http", ""])
def test_an_exception_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no address or network"):
        Gate([text])


def test_no_exceptions_by_default() -> None:
    assert not Gate().permits("127.0.0.1", 80)
    assert Gate().permits("1.1.1.1", 443)
