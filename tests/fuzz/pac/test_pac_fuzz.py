"""Every text gets an answer or one of our errors: parser, lint, probes, table of names, returns."""

from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.errors import InputError
from callgate.pac import dns_table
from callgate.pac.directives import read
from callgate.pac.lint import lint
from callgate.pac.probes import probed
from callgate.pac.readers import READERS
from callgate.pac.source import decode
from callgate.pac.syntax import Script

WORDS = [
    "function FindProxyForURL(url, host) {", "}", "if (", ")", "return", ";", "\n", " ", "host",
    'shExpMatch(host, "*goto.com")', "isInNet(", '"PROXY a:1; DIRECT"', "switch (host) {", "case ",
    ":", "default:", "=>", "?", "&&", "||", "`${", "/*", "//", "'", "\\", "\ud800", "\u00fc", "=",
    "else", "try {", "finally {", "let FindProxyForURL", "weekdayRange('Mon')", "async", "<!--",
]  # fmt: skip
READER = st.sampled_from(sorted(READERS)).map(READERS.__getitem__)


@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join), READER)
@settings(max_examples=300, deadline=None)
def test_scripts(text, reader):
    script = Script("x.pac", text)
    for finding in lint(script, reader):
        assert finding.line is None or finding.line.place.line <= script.line_count
    found = probed(script)
    assert found is None or found.text.count(found.name) >= len(found.probes)


@given(st.binary(max_size=200), READER)
@settings(max_examples=300, deadline=None)
def test_bytes(data, reader):
    try:
        decoded = decode(data, "x.pac", reader)
    except InputError:
        return
    assert isinstance(decoded.text, str)
    assert decoded.encoding in {"utf-8", "iso-8859-1", "utf-16-le", "utf-16-be"}


@given(st.text(alphabet="PROXYSCKDIETHproxy45 \t\n;:,.[]09a\u00fc", max_size=60), READER)
@settings(max_examples=500, deadline=None)
def test_returns(value, reader):
    found = read(value, reader)
    assert found.ways
    for way in found.ways:
        assert way.kind == "DIRECT" or 1 <= way.port <= 65535


@given(st.text(alphabet="0123456789.:abf-*# \n\tx\u00fc", max_size=80))
@settings(max_examples=300, deadline=None)
def test_tables(text):
    try:
        found = dns_table.parse(text, "dns")
    except InputError:
        return
    lines = [line.partition("#")[0].split() for line in text.splitlines()]
    assert len(found) <= sum(len(words) - 1 for words in lines if words)
