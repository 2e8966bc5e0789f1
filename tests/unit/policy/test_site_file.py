"""The site file: every field, in both syntaxes."""

from dataclasses import fields
from ipaddress import ip_network

import pytest

from callgate.errors import InputError
from callgate.flows import Family, PortRange, Protocol
from callgate.policy.site import (
    ALL,
    Apply,
    Edge,
    Final,
    Inspection,
    Management,
    MergePoint,
    On,
    Proxy,
    Service,
    Site,
    SuppliedEndpoint,
    Target,
)
from callgate.policy.site_file import _FIELDS, load_site

YAML = """\
version: 1
name: Büro 2.Stock
families: [ipv6]
clients: [10.0.0.0/8, "2001:db8:1::/48"]
resolvers: [192.0.2.53]
proxy: proxy.example.net:3128=192.0.2.8
default-proxy: "[2001:db8::8]:8080"
inspection: signalling
networks:
  turn-networks: |
    # from the page
    • 198.51.100.0/24, 203.0.113.0/25
    - 2001:db8:7::/48
  other: [192.0.2.0/24, 192.0.2.0/24]
  third: all
endpoints: [turn=192.0.2.7:3478]
products: [meeting, training]
allow: [udp/3478, "tcp/443,8443@192.0.2.0/24"]
other-needs: [tcp/22]
on: host
edge: both
apply: merge
merge: {table: inet filter, chain: forward, position: 2}
block: false
final: drop
by-domain: true
management: {ports: [22, 2200-2299], sources: [192.0.2.0/24]}
target: {inside: ge-0/0/1.0, outside: L3 wan, before: deny-all, options: {app-id: webrtc}}
"""

TOML = '''\
version = 1
name = "Büro 2.Stock"
families = ["ipv6"]
clients = ["10.0.0.0/8", "2001:db8:1::/48"]
resolvers = ["192.0.2.53"]
proxy = "proxy.example.net:3128=192.0.2.8"
default-proxy = "[2001:db8::8]:8080"
inspection = "signalling"
endpoints = ["turn=192.0.2.7:3478"]
products = ["meeting", "training"]
allow = ["udp/3478", "tcp/443,8443@192.0.2.0/24"]
other-needs = ["tcp/22"]
on = "host"
edge = "both"
apply = "merge"
merge = {table = "inet filter", chain = "forward", position = 2}
block = false
final = "drop"
by-domain = true
[networks]
turn-networks = """
# from the page
• 198.51.100.0/24, 203.0.113.0/25
- 2001:db8:7::/48
"""
other = ["192.0.2.0/24", "192.0.2.0/24"]
third = "all"
[management]
ports = [22, "2200-2299"]
sources = ["192.0.2.0/24"]
[target]
inside = "ge-0/0/1.0"
outside = "L3 wan"
before = "deny-all"
options = {app-id = "webrtc"}
'''

SITE = Site(
    name="Büro 2.Stock",
    families=(Family.V6,),
    clients=(ip_network("10.0.0.0/8"), ip_network("2001:db8:1::/48")),
    resolvers=(ip_network("192.0.2.53/32"),),
    proxy=Proxy("proxy.example.net", 3128, (ip_network("192.0.2.8/32"),)),
    default_proxy=Proxy("2001:db8::8", 8080, (ip_network("2001:db8::8/128"),)),
    inspection=Inspection.SIGNALLING,
    networks={
        "turn-networks": (
            ip_network("198.51.100.0/24"),
            ip_network("203.0.113.0/25"),
            ip_network("2001:db8:7::/48"),
        ),
        "other": (ip_network("192.0.2.0/24"),),
        "third": ALL,
    },
    endpoints=(SuppliedEndpoint("turn", "192.0.2.7", 3478),),
    products=("meeting", "training"),
    allow=(
        Service(Protocol.UDP, (PortRange(3478, 3478),)),
        Service(
            Protocol.TCP,
            (PortRange(443, 443), PortRange(8443, 8443)),
            (ip_network("192.0.2.0/24"),),
        ),
    ),
    other_needs=(Service(Protocol.TCP, (PortRange(22, 22),)),),
    on=On.HOST,
    edge=Edge.BOTH,
    apply=Apply.MERGE,
    merge=MergePoint("inet filter", "forward", 2),
    block=False,
    final=Final.DROP,
    by_domain=True,
    management=Management(
        (PortRange(22, 22), PortRange(2200, 2299)), (ip_network("192.0.2.0/24"),)
    ),
    target=Target("ge-0/0/1.0", "L3 wan", "deny-all", {"app-id": "webrtc"}),
)


def test_every_field_in_yaml():
    assert load_site(YAML, "site.yaml") == SITE


def test_every_field_in_toml_by_the_name_or_by_word():
    assert load_site(TOML, "site.toml") == SITE
    assert load_site(TOML.replace("\n", "\r\n"), "<stdin>", "toml") == SITE


def test_the_file_knows_every_field_and_the_example_sets_each():
    assert {key.replace("-", "_") for key in _FIELDS} == {field.name for field in fields(Site)}
    default = Site()
    assert [f.name for f in fields(Site) if getattr(SITE, f.name) == getattr(default, f.name)] == []


def test_what_is_left_out_has_its_default():
    assert load_site("version: 1", "site.yaml") == Site()
    assert load_site("version: 1\nallow: []\nproducts: []", "s") == Site(allow=(), products=())
    assert load_site("version: 1\nmanagement: none", "s").management is None
    assert load_site("version: 1\nmanagement: {}", "s").management == Management()


def test_every_mistake_is_reported_at_once_in_toml_too():
    text = 'version = 1\nclints = ["192.0.2.1"]\n[management]\nports = [22, 70000]\n'
    with pytest.raises(InputError) as caught:
        load_site(text, "site.toml")
    assert str(caught.value).splitlines() == [
        "site.toml:2:1: unknown key `clints`",
        "    hint: did you mean `clients`?",
        "site.toml:4:14: not a port: 70000",
        "    hint: ports are 1 to 65535",
    ]
