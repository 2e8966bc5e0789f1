"""Files that are broken in one way each, and what must be said of them."""

from pathlib import Path

CORPUS = Path(__file__).parents[1] / "corpus"
ACME = (CORPUS / "profiles" / "acme.yaml").read_text(encoding="utf-8")
OFFICE = """\
version: 1
name: Head office
clients: [192.0.2.0/24]
networks:
  turn-networks: [198.51.100.0/24]
"""


def edited(text, old, new):
    """The text with its only ``old`` replaced: an edit that hits nothing breaks nothing."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def profile(old, new):
    """The good profile with one edit, as bytes."""
    return edited(ACME, old, new).encode()


BOMB = b"a: &a [x, x, x]\nb: &b [*a, *a, *a]\n"

#: Name -> bytes of a profile.
PROFILES = {
    "typo in a key": profile("    hosting:", "    hostng:"),
    "unknown key": profile("id: acme", "id: acme\ncolour: blue"),
    "missing key": profile("    media: udp-relay\n", ""),
    "two mistakes at once": profile("[3478]", "[0]").replace(b"block: true", b"block: yes"),
    "wrong type": profile("rank: 1", "rank: first"),
    "number for text": profile('version: "1.0"\ntitle', "version: 1.0\ntitle"),
    "text for a list": profile("[tcp]", "tcp"),
    "text for a truth": profile("recommended: true", "recommended: yes"),
    "bad word": profile("carries: media", "carries: medai"),
    "wrong schema version": profile("callgate.profile/1", "callgate.profile/9"),
    "bad network": profile("192.0.2.0/24", "192.0.2.0/33"),
    "host bits": profile("192.0.2.0/24", "192.0.2.1/24"),
    "overlapping networks": profile("192.0.2.0/24", "198.51.100.0/24"),
    "port 70000": profile("[3478]", "[70000]"),
    "port 0": profile("port: 3478", "port: 0"),
    "reversed range": profile("45000-49999", "49999-45000"),
    "bad domain": profile("example.net]", "exa_mple..net]"),
    "address for a domain": profile("example.net]", "192.0.2.1]"),
    "wildcard in the middle": profile("*.example.com", "a.*.example.com"),
    "host with a wildcard": profile("turn.example.com", "'*.example.com'"),
    "duplicate id": profile(
        "    product: call\n    provenance: {section: Domains, origin: stated}\n",
        "    provenance: {section: Domains, origin: stated}\n"
        "  - id: main\n    patterns: [example.org]\n    use: unstated\n    protocols: unstated\n"
        "    hosting: unstated\n    provenance: {section: Domains, origin: stated}\n",
    ),
    "bad id": profile("id: relays", "id: Relays!"),
    "unknown network list": profile("[relays]", "[relay]"),
    "unknown product": profile("product: call", "product: meeting"),
    "unknown path": profile("media: udp-relay", "media: udp-rely"),
    "unpublished without a way to get it": profile(
        '[192.0.2.0/24, 198.51.100.0/25, "2001:db8::/32"]', "unpublished"
    ),
    "absence misspelt": profile("hosting: unstated", "hosting: unstatd"),
    "empty list": profile("[3478]", "[]"),
    "empty text": profile("title: By relay", 'title: ""'),
    "line break in a title": profile("title: By relay", 'title: "By\\nrelay"'),
    "control character": profile("title: By relay", 'title: "By\\erelay"'),
    "bad date": profile("2026-01-31", "31.1.2026"),
    "plain http": profile("https://", "http://"),
    "ambiguous number": profile("[3478]", "[03478]"),
    "duplicate key": profile("rank: 1", "rank: 1\n    rank: 2"),
    "key that is not text": profile("remarks: []", "remarks: []\n1: x"),
    "anchor and alias": profile("quality: []", "quality: &q []").replace(
        b"remarks: []", b"remarks: *q"
    ),
    "YAML bomb": BOMB + b"".join(b"c%d: [*b, *b]\n" % n for n in range(2)),
    "tag": profile("rank: 1", "rank: !!python/name:os.system 1"),
    "second document": ACME.encode() + b"---\nid: other\n",
    "tab": profile("  vendor: Acme", "\tvendor: Acme"),
    "syntax": profile("[tcp]", "[tcp"),
    "empty": b"",
    "only a comment": b"# nothing yet\n",
    "only blanks": b" \n\t\n",
    "a list": b"- id: acme\n",
    "binary": b"\x7fELF\x02\x01\x01\x00\x00\x00",
    "UTF-16": ACME.encode("utf-16"),
    "Latin-1": profile("Acme Call\ndocument", "Acmé Call\ndocument").replace(b"\xc3\xa9", b"\xe9"),
    "nested without end": b"a: " + b"[" * 5000,
}

#: Name -> (file name, bytes) of a site file.
SITES = {
    "typo in a key": ("site.yaml", edited(OFFICE, "clients", "clinets")),
    "no version": ("site.yaml", edited(OFFICE, "version: 1\n", "")),
    "version of another time": ("site.yaml", edited(OFFICE, "version: 1", "version: 2")),
    "version as text": ("site.yaml", edited(OFFICE, "version: 1", 'version: "1"')),
    "text for a list": ("site.yaml", edited(OFFICE, "[192.0.2.0/24]", "192.0.2.0/24")),
    "bad network": ("site.yaml", edited(OFFICE, "192.0.2.0/24", "192.0.2.0.0/24")),
    "host bits": ("site.yaml", edited(OFFICE, "192.0.2.0/24", "192.0.2.7/24")),
    "overlapping clients": ("site.yaml", edited(OFFICE, "/24]\nn", "/24, 192.0.2.64/26]\nn")),
    "zone": ("site.yaml", edited(OFFICE, "192.0.2.0/24", "fe80::1%eth0")),
    "zone that ends a line": (
        "site.yaml",
        (OFFICE + 'target: {inside: "trust\\nany", outside: "wan;", before: ""}\n').encode(),
    ),
    "option with a quote": (
        "site.yaml",
        (OFFICE + """target: {options: {app-id: "x'y", Bad Name: y}}\n""").encode(),
    ),
    "name with quotes": ("site.yaml", edited(OFFICE, "Head office", "'Head \"office\"'")),
    "name with a line break": ("site.yaml", edited(OFFICE, "Head office", '"Head\\noffice"')),
    "name with braces": ("site.yaml", edited(OFFICE, "Head office", "Head {office}")),
    "name with a hidden direction": ("site.yaml", edited(OFFICE, "Head", "Head\u202e")),
    "name without end": ("site.yaml", edited(OFFICE, "Head", "Head" * 20)),
    "word in a pasted list": (
        "site.yaml",
        edited(OFFICE, "[198.51.100.0/24]", "|\n    • 198.51.100.0/24\n    and others"),
    ),
    "list with a bad name": ("site.yaml", edited(OFFICE, "turn-networks:", "Turn Networks:")),
    "proxy without a port": ("site.yaml", OFFICE + "proxy: proxy.example.net\n"),
    "proxy with port 70000": ("site.yaml", OFFICE + "proxy: proxy.example.net:70000\n"),
    "service without a protocol": ("site.yaml", OFFICE + "allow: [3478/udp]\n"),
    "service as a number": ("site.yaml", OFFICE + "allow: [443]\n"),
    "reversed range": ("site.yaml", OFFICE + "allow: [udp/49999-45000]\n"),
    "endpoint without a role": ("site.yaml", OFFICE + "endpoints: ['192.0.2.7:3478']\n"),
    "bad word": ("site.yaml", OFFICE + "apply: merged\n"),
    "chain that ends a string": (
        "site.yaml",
        OFFICE + "merge: {table: inet filter, chain: 'a\"; flush'}\n",
    ),
    "position 0": ("site.yaml", OFFICE + "merge: {table: t, chain: c, position: 0}\n"),
    "management by another word": ("site.yaml", OFFICE + "management: no\n"),
    "empty": ("site.yaml", ""),
    "tab": ("site.yaml", edited(OFFICE, "  turn-networks", "\tturn-networks")),
    "duplicate key": ("site.yaml", OFFICE + "name: Branch\n"),
    "YAML bomb": ("site.yaml", BOMB.decode()),
    "binary": ("site.yaml", b"PK\x03\x04\x14\x00"),
    "TOML typo": ("site.toml", 'version = 1\n\n[network]\nturn-networks = "all"\n'),
    "TOML syntax": ("site.toml", "version = 1\nclients = [\n"),
    "TOML duplicate key": ("site.toml", 'version = 1\nname = "a"\nname = "b"\n'),
    "TOML port 70000": ("site.toml", "version = 1\n[management]\nports = [\n  22,\n  70000,\n]\n"),
    "TOML date for a name": ("site.toml", "version = 1\nname = 2026-01-31\n"),
    "TOML control character": ("site.toml", 'version = 1\nname = "a\\u0007"\n'),
    "TOML in a YAML file": ("site.yaml", 'version = 1\nname = "a"\n'),
    "YAML in a TOML file": ("site.toml", OFFICE),
    "TOML nested without end": ("site.toml", "a = " + "[" * 40 + "]" * 40),
    "TOML UTF-16": ("site.toml", "version = 1\n".encode("utf-16")),
}
