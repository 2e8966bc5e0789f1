"""Every planted mistake is named with its line and column, and a good file is left alone."""

import pytest

from callgate.dialects.pac import Pac
from callgate.pac.lint import lint
from callgate.pac.readers import READERS
from callgate.pac.syntax import Script
from tests.support.pac import pac_policy

HEAD = "function FindProxyForURL(url, host) {\n"
TAIL = '\n  return "DIRECT";\n}'

#: Line 2 of a file -> reader, kind, column, a word of the message.
PLANTED = {
    '  if (shExpMatch(host, "*goto.com")) return "DIRECT";': (
        "chrome", "pac-loose", 7, "evil-goto.com"),
    '  if (shExpMatch(host, "*.goto.com*")) return "DIRECT";': (
        "chrome", "pac-loose", 7, "goto.com.evil.com"),
    '  if (dnsDomainIs(host, "goto.com")) return "DIRECT";': (
        "chrome", "pac-loose", 7, "evilgoto.com"),
    '  if (host.indexOf("goto.com") >= 0) return "DIRECT";': ("chrome", "pac-loose", 7, "anywhere"),
    '  if (host.endsWith("goto.com")) return "DIRECT";': ("chrome", "pac-loose", 7, "evilgoto.com"),
    '  if (host.toLowerCase().indexOf(".goto.com") > 0) return "DIRECT";': (
        "chrome", "pac-loose", 7, "anywhere"),
    '  if (shExpMatch(url, "*.goto.com/*")) return "DIRECT";': (
        "chrome", "pac-url", 7, "match host"),
    '  if (url.indexOf("goto.com") >= 0) return "DIRECT";': ("chrome", "pac-url", 7, "match host"),
    '  if (shExpMatch(host, "*.GoTo.com")) return "DIRECT";': ("chrome", "pac-case", 7, "never"),
    '  if (dnsDomainIs(host, ".GoTo.com")) return "DIRECT";': ("chrome", "pac-case", 7, "never"),
    '  if (host == "Meet.goto.com") return "DIRECT";': ("chrome", "pac-case", 7, "never"),
    '  if (shExpMatch(host, "(*.goto.com|*.jive.com)")) return "DIRECT";': (
        "chrome", "pac-pattern", 7, "regular expression"),
    '  if (isInNet(host, "10.0.0.0", "255.0.0.0")) return "DIRECT";': (
        "chrome", "pac-dns", 7, "before any name"),
    '  var ip = dnsResolve(host);': ("chrome", "pac-dns", 12, "before any name"),
    '  if (isInNet("192.0.2.1", "10.0.0.0", "8")) return "DIRECT";': (
        "chrome", "pac-argument", 7, "255.255.255.0"),
    '  if (isInNet("192.0.2.1", "10.0.0.0/8")) return "DIRECT";': (
        "chrome", "pac-argument", 7, "255.255.255.0"),
    '  if (weekdayRange("Mon", "FRI")) return "DIRECT";': ("chrome", "pac-argument", 7, "'Mon'"),
    '  if (timeRange(8, 18)) return "DIRECT";': ("chrome", "pac-clock", 7, "clock"),
    '  if (isInSubnet(host)) return "DIRECT";': ("chrome", "pac-undefined", 7, "isInSubnet"),
    '  if (isInNetEx(host, "10.0.0.0/8")) return "DIRECT";': (
        "firefox", "pac-undefined", 7, "Firefox"),
    '  if (host == "a") return "PROXY a:1, DIRECT";': ("chrome", "pac-return", 27, "semicolons"),
    '  if (host == "a") return "HTTP a:8080";': ("chrome", "pac-return", 27, "'HTTP'"),
    '  if (host == "a") return "a:8080";': ("chrome", "pac-return", 27, "does not know"),
    '  if (host == "a") return "PROXY http://a:8080";': ("chrome", "pac-return", 27, "HOST:PORT"),
    '  if (host == "a") return "PROXY a";': ("chrome", "pac-return", 27, "takes 80"),
    '  if (host == "a") return host ? "PROXY a:99999" : "DIRECT";': (
        "chrome", "pac-return", 34, "99999"),
    '  if (host == "a") return "PROXY \u00fc:1";': ("chrome", "pac-return", 27, "not ASCII"),
    '  var way = "SOCKS a:1080";': ("chrome", "pac-socks", 13, "SOCKS4"),
    '  var way = "SOCKS a:1081";': ("firefox", "pac-socks", 13, "SOCKS5"),
    '  if (host = "a") return "DIRECT";': ("chrome", "pac-assignment", 7, "assigns"),
    "  let a = 1;": ("winhttp", "pac-modern", 3, "let or const"),
    "  var a = [1].some(x => x);": ("winhttp", "pac-modern", 20, "arrow"),
    "  var a = `x`;": ("winhttp", "pac-modern", 11, "template"),
    "  for (var a of [1]) {}": ("winhttp", "pac-modern", 3, "for"),
    '  var a = host.includes("a");': ("winhttp", "pac-modern", 11, "includes"),
    "  var a = new Set([1]);": ("winhttp", "pac-modern", 11, "Set"),
    "  var a = host?.length;": ("winhttp", "pac-modern", 15, "?."),
    "  if (host == 'a' {": ("chrome", "pac-syntax", 0, "does not understand"),
}  # fmt: skip


@pytest.mark.parametrize("line", PLANTED)
def test_a_planted_mistake_is_named_with_its_place(line):
    reader, kind, column, words = PLANTED[line]
    found = lint(Script("x.pac", HEAD + line + TAIL), READERS[reader])
    (finding,) = [each for each in found if each.kind == kind]
    assert words in finding.message
    if column:
        assert (finding.line.place.line, finding.line.place.column) == (2, column)


GOOD = {
    "our own": Pac().generate(pac_policy())[0].text,
    "names first": HEAD
    + """
  if (host == "meet.goto.com" || dnsDomainIs(host, ".goto.com") || shExpMatch(host, "*.jive.com"))
    return "PROXY proxy.example.net:3128";
  if (isPlainHostName(host) || url.substring(0, 5) == "http:" && shExpMatch(url, "http:*")) {
    return "DIRECT";
  } else {
    return "SOCKS5 a:1080";
  }
}""",
    "switch": HEAD
    + 'switch (host) { case "a": return "DIRECT"; default: return "PROXY a:1"; } }',
    "try": HEAD + 'try { return helper(host); } catch (e) { throw e; } }\nfunction helper(h) {'
    ' return h == "a" ? "DIRECT" : "PROXY a:1"; }',
    "names that are given": "var list = ['a'], f = function (x) { return x; };\n" + HEAD
    + "  function inner(g) { return g(list); }\n  return inner(f) && String(host);\n}",
    "myIpAddress": HEAD
    + 'return isInNet(myIpAddress(), "10.0.0.0", "255.0.0.0") ? "DIRECT" : "PROXY a:1"; }',
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_left_alone(name, reader):
    found = lint(Script("x.pac", GOOD[name]), READERS[reader])
    known = {"SOCKS5"} if reader == "winhttp" else set()
    assert [each.message for each in found if not any(word in each.message for word in known)] == []


@pytest.mark.parametrize(
    "end",
    [
        'if (host == "a") return "DIRECT";',
        'if (host == "a") { return "DIRECT"; } else if (host == "b") return "DIRECT";',
        'switch (host) { case "a": return "DIRECT"; }',
        'switch (host) { case "a": break; default: return "DIRECT"; }',
        'try { return "DIRECT"; } catch (e) { }',
        'for (var i = 0; i < 2; i++) return "DIRECT";',
        "",
    ],
)
def test_an_end_without_an_answer_is_seen(end):
    found = lint(Script("x.pac", HEAD + end + "\n}"), READERS["chrome"])
    (finding,) = [each for each in found if each.kind == "pac-no-return"]
    assert finding.line.place.line == 3


def test_a_constant_function_is_an_error():
    found = lint(Script("x.pac", 'const FindProxyForURL = () => "DIRECT";'), READERS["chrome"])
    assert [(each.kind, each.severity.value) for each in found] == [("pac-broken", "error")]


def test_mistakes_of_one_kind_are_counted_and_related():
    lines = '  dnsResolve("a.test"); dnsResolve(host);\n  isResolvable(host);'
    found = lint(Script("x.pac", HEAD + lines + TAIL), READERS["chrome"])
    (finding,) = [each for each in found if each.kind == "pac-dns"]
    assert "(2 more like it)" in finding.message
    assert [line.place.line for line in finding.related] == [2, 3]


def test_columns_count_characters_and_findings_stand_in_order():
    text = (
        HEAD
        + '  /* \u00fc\u00fc */ shExpMatch(host, "*goto.com"); dnsDomainIs(host, "jive.com");'
        + TAIL
    )
    found = lint(Script("x.pac", text), READERS["chrome"])
    assert [each.line.place.column for each in found] == [12, 43]
