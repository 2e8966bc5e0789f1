"""Values that flags and site files share."""

import re
from ipaddress import ip_network

import pytest

from callgate.flows import PortRange, Protocol
from callgate.policy.site import Proxy, Service, SuppliedEndpoint
from callgate.policy.site_values import parse_endpoint, parse_proxy, parse_service


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("Proxy.Example.net.:3128", Proxy("proxy.example.net", 3128)),
        ("proxy:1", Proxy("proxy", 1)),
        (
            "proxy.example.net:3128=192.0.2.8,2001:db8::8",
            Proxy(
                "proxy.example.net",
                3128,
                (ip_network("192.0.2.8/32"), ip_network("2001:db8::8/128")),
            ),
        ),
        ("192.0.2.8:8080", Proxy("192.0.2.8", 8080, (ip_network("192.0.2.8/32"),))),
        ("[2001:DB8:0::8]:8080", Proxy("2001:db8::8", 8080, (ip_network("2001:db8::8/128"),))),
        ("[2001:db8::8]:80=192.0.2.8", Proxy("2001:db8::8", 80, (ip_network("192.0.2.8/32"),))),
    ],
)
def test_proxies(text, proxy):
    assert parse_proxy(text) == proxy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("proxy.example.net", "not HOST:PORT: 'proxy.example.net'"),
        ("2001:db8::8:8080", "an IPv6 host stands in brackets"),
        ("http://proxy:3128", "not HOST:PORT"),
        ("proxy:", "not a port or a range of ports: ''"),
        ("proxy:70000", "not a port: 70000; ports are 1 to 65535"),
        ("proxy:0", "not a port: 0"),
        ("proxy:80-90", "a range where one port belongs: 80-90"),
        ("proxy:8o", "not a port or a range of ports: '8o'"),
        ("proxy:٣", "not a port or a range of ports"),
        (":3128", "not a domain name: ''"),
        ("pro xy:3128", "bad label 'pro xy'"),
        ("[proxy]:3128", "not an IPv6 address: 'proxy'"),
        ("[192.0.2.8]:3128", "not an IPv6 address: '192.0.2.8'"),
        ("[fe80::1%eth0]:3128", "not an IPv6 address"),
        ("192.0.2.300:80", "not a domain name but an address"),
        ("proxy:80=", "not a network: ''"),
        ("proxy:80=192.0.2.8/24", "host bits are set"),
    ],
)
def test_what_is_no_proxy(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_proxy(text)


def test_endpoints():
    assert parse_endpoint("turn=192.0.2.7:3478") == SuppliedEndpoint("turn", "192.0.2.7", 3478)
    assert parse_endpoint("turn=[2001:db8::7]:443").host == "2001:db8::7"


@pytest.mark.parametrize("text", ["turn:3478", "=h:1", "Turn=h:1", "turn=h", "a b=h:1", "turn=h:0"])
def test_what_is_no_endpoint(text):
    with pytest.raises(ValueError, match="not "):
        parse_endpoint(text)


def test_services():
    assert parse_service("udp/3478") == Service(Protocol.UDP, (PortRange(3478, 3478),))
    text = "udp/3478,45000-49999@192.0.2.0/24,2001:db8::/32"
    assert str(parse_service(text)) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3478", "not PROTOCOL/PORTS: '3478'"),
        ("icmp/8", "not a protocol: 'icmp'; tcp or udp"),
        ("UDP/3478", "not a protocol: 'UDP'"),
        ("udp/", "not a port or a range"),
        ("udp/1-2-3", "not a port or a range"),
        ("udp/5-3", "a range that is reversed: 5-3; did you mean 3-5?"),
        ("udp/1-70000", "not a port: 70000"),
        ("udp/3478@", "not a network: ''"),
        ("udp/3478@192.0.2.1/24", "did you mean 192.0.2.0/24?"),
        ("udp/3478@all", "not a network: 'all'"),
    ],
)
def test_what_is_no_service(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_service(text)
