"""``callgate pac`` as a user meets it: planted mistakes, exit codes, three outputs."""

import json

import pytest

from callgate.cli.main import run

PROXY = "goto-proxy.example.net:3128"
WAY = f'"PROXY {PROXY}"'
NAMES = ("goto.com", "goto-rtc.com", "jive.com", "getgo.com", "gotomeeting.com",
         "logmeininc.com", "expertcity.com")  # fmt: skip
LINES = "\n".join(f'  if (dnsDomainIs(host, ".{name}")) return {WAY};' for name in NAMES)
GOOD = f'function FindProxyForURL(url, host) {{\n{LINES}\n  return "DIRECT";\n}}\n'


@pytest.fixture
def check(capsys, tmp_path):
    def checked(text, *more, site=("--proxy", PROXY), reader="chrome"):
        path = tmp_path / "proxy.pac"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        readers = ("--reader", reader) if reader else ()
        arguments = ["pac", "check", str(path), "--profile", "goto", *site, *readers, *more]
        code = run([*arguments, "-o", "json"])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else said.err

    return checked


def found(answer, kind):
    return [each for each in answer["findings"] if each["kind"] == kind]


def test_a_good_file_is_satisfied_but_for_the_trailing_dot(check):
    code, answer = check(GOOD)
    assert code == 0
    assert {each["kind"] for each in answer["findings"]} == {"pac-apex", "pac-variant"}
    assert check(GOOD, "--fail-on", "warning")[0] == 1


def test_what_we_generate_passes_for_every_reader(check, capsys):
    assert run(["pac", "generate", "goto", "--scenario", "turn-udp", "--proxy", PROXY]) == 0
    code, answer = check(capsys.readouterr().out, "--fail-on", "warning", reader="")
    assert code == 0
    assert [each["reader"] for each in answer["readers"]] == ["chrome", "firefox", "winhttp"]
    assert {each["severity"] for each in answer["findings"]} == {"note"}


def test_pac_generate_is_the_dialect(capsys):
    options = ["goto", "--scenario", "turn-udp", "--proxy", PROXY]
    assert run(["pac", "generate", *options]) == 0
    ours = capsys.readouterr().out
    assert run(["generate", *options, "--dialect", "pac"]) == 0
    assert capsys.readouterr().out == ours


#: What is planted into the good file -> the finding, and its line.
PLANTED = {
    "wrong proxy": ('".goto.com")) return "PROXY goto', '".goto.com")) return "PROXY other',
                    "pac-wrong-way", 2),
    "one domain is missing": (f'  if (dnsDomainIs(host, ".jive.com")) return {WAY};', "",
                              "pac-wrong-way", 9),
    "no leading dot": ('".goto.com"', '"goto.com"', "pac-look-alike", 2),
    "loose pattern": ('dnsDomainIs(host, ".goto.com")', 'shExpMatch(host, "*goto.com*")',
                      "pac-look-alike", 2),
    "whole URL": ('dnsDomainIs(host, ".jive.com")', 'shExpMatch(url, "*.jive.com*")',
                  "pac-look-alike", 4),
    "one label only": ('dnsDomainIs(host, ".jive.com")', "/^[^.]+[.]jive[.]com$/.test(host)",
                       "pac-wrong-way", 9),
    "https only": ('dnsDomainIs(host, ".jive.com")',
                   'url.substring(0, 6) == "https:" && dnsDomainIs(host, ".jive.com")',
                   "pac-wrong-way", 9),
    "upper case": ('".jive.com"', '".Jive.com"', "pac-wrong-way", 9),
    "comma": (f"PROXY {PROXY}\";\n  if (dnsDomainIs(host, \".goto-rtc",
              f"PROXY {PROXY}, DIRECT\";\n  if (dnsDomainIs(host, \".goto-rtc", "pac-return", 2),
    "unknown keyword": ('".jive.com")) return "PROXY', '".jive.com")) return "HTTP',
                        "pac-return", 4),
    "no function": ("FindProxyForURL", "FindProxyForUrl", "pac-broken", 1),
    "syntax": ('return "DIRECT";\n}', 'return "DIRECT"', "pac-broken", 10),
    "no answer": ('  return "DIRECT";\n', "", "pac-fails", 0),
    "a call of nothing": ('dnsDomainIs(host, ".jive.com")', "isGoto(host)", "pac-fails", 4),
    "a lexical function": ("function FindProxyForURL", "let FindProxyForURL = function",
                           "pac-broken", 1),
    "loop": ('  return "DIRECT";', "  while (true) {}", "pac-hangs", 0),
}  # fmt: skip


@pytest.mark.parametrize("mistake", PLANTED)
def test_a_planted_mistake_is_an_error_with_its_line(check, mistake):
    old, new, kind, line = PLANTED[mistake]
    assert GOOD.count(old) == 1
    code, answer = check(GOOD.replace(old, new))
    assert code == 1
    errors = [each for each in found(answer, kind) if each["severity"] == "error"]
    assert errors
    if line:
        assert line in [each["line"]["line"] for each in errors]


def test_look_alikes_matter_only_where_names_are_told_apart(check):
    text = f"function FindProxyForURL(url, host) {{ return {WAY}; }}"
    code, answer = check(text)
    assert code == 0
    assert answer["findings"] == []


def test_everything_else_has_its_proxy(check):
    site = ("--proxy", PROXY, "--default-proxy", "web.example.net:8080")
    code, answer = check(GOOD, site=site)
    assert code == 1
    (finding,) = found(answer, "pac-other-way")
    assert finding["line"]["line"] == 9
    right = GOOD.replace('return "DIRECT"', 'return "PROXY web.example.net:8080"')
    assert check(right, site=site)[0] == 0


def test_direct_is_a_wish_too(check):
    text = GOOD.replace(WAY, '"DIRECT"').replace('  return "DIRECT"', '  return "PROXY w:1"')
    assert check(text, site=("--direct",))[0] == 0
    assert check(GOOD, site=("--direct",))[0] == 1
    code, said = check(GOOD, site=("--direct", "--proxy", PROXY))
    assert code == 2
    assert "choose one" in said


def test_without_a_wish_a_split_is_told(check):
    code, answer = check(GOOD, site=())
    assert code == 0
    assert not found(answer, "pac-split")
    apart = GOOD.replace('".goto.com")) return "PROXY goto', '".goto.com")) return "PROXY x')
    _, answer = check(apart, site=())
    (finding,) = found(answer, "pac-split")
    assert "go 2 ways" in finding["message"]


ASKING = GOOD.replace(
    "{\n", '{\n  if (isInNet(dnsResolve(host), "10.0.0.0", "255.0.0.0")) return "DIRECT";\n', 1
)


def test_an_answer_that_hangs_on_dns_is_not_told(check, tmp_path):
    code, answer = check(ASKING)
    assert code == 3
    rows = answer["readers"][0]["rows"]
    names = {row["verdict"] for row in rows if row["role"] == "name"}
    assert names == {"depends"}
    table = tmp_path / "dns"
    table.write_text("203.0.113.1 *\n10.1.2.3 meet.goto.com\n")
    code, answer = check(ASKING, "--dns", str(table))
    assert code == 1
    (finding,) = found(answer, "pac-wrong-way")
    assert finding["line"]["line"] == 2
    assert "meet.goto.com" in finding["message"]
    table.write_text("203.0.113.1 *\n")
    assert check(ASKING, "--dns", str(table))[0] == 0


def test_a_file_over_the_limit_is_refused_with_the_number(check):
    code, answer = check(GOOD + "//" + "x" * (1_048_577 - len(GOOD) - 2))
    assert code == 1
    (finding,) = found(answer, "pac-size")
    assert "1,048,577 bytes" in finding["message"]
    assert "1,048,576" in finding["message"]
    assert check(GOOD + "//" + "x" * (1_048_576 - len(GOOD) - 2))[0] == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"\x7fELF\0\0", "NUL bytes"),
        (GOOD.encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"\xef\xbb\xbf\xff", "not UTF-8"),
        (b"\xff\xfe\x00", "not UTF-16"),
    ],
)
def test_what_is_no_text_is_refused(check, data, words):
    code, said = check(data)
    assert code == 2
    assert words in said


def test_encodings_are_told(check):
    code, answer = check(b"\xff\xfe" + GOOD.encode("utf-16-le"))
    assert (code, len(found(answer, "pac-encoding"))) == (0, 1)
    _, answer = check(GOOD.replace("{\n", "{\n// f\u00fcr\n", 1))
    (finding,) = found(answer, "pac-encoding")
    assert (finding["line"]["line"], finding["line"]["column"]) == (2, 5)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--at", "tomorrow"], "is not a time"),
        (["--address", "here"], "not an IP address"),
        (["--dns", "/nowhere/dns"], "cannot read"),
        (["--product", "trainig"], "trainig"),
        (["--proxy", "x"], "--proxy"),
    ],
)
def test_wrong_usage(check, arguments, words):
    code, said = check(GOOD, *arguments, site=())
    assert code == 2
    assert words in said


def test_a_wrong_table_of_names_lists_every_line(check, tmp_path):
    table = tmp_path / "dns"
    table.write_text("192.0.2.1 a.test\n# good\n192.0.2.300 b.test\n192.0.2.4\n- a.test\n")
    code, said = check(GOOD, "--dns", str(table))
    assert code == 2
    assert [line.partition(": ")[0].rpartition(":")[2] for line in said.splitlines()
            if line.startswith(str(table))] == ["3", "4", "5"]  # fmt: skip


def test_table_and_sarif(capsys, tmp_path):
    path = tmp_path / "proxy.pac"
    path.write_text(GOOD.replace('".goto.com"', '"goto.com"'))
    arguments = ["pac", "check", str(path), "--profile", "goto", "--proxy", PROXY]
    assert run(arguments) == 1
    out = capsys.readouterr().out
    assert "look-alike" in out
    assert f"{path}:2:" in out
    assert out.rstrip().endswith("notes)") or out.rstrip().endswith("note)")
    assert run([*arguments, "-o", "sarif"]) == 1
    (result, *_) = [
        each
        for each in json.loads(capsys.readouterr().out)["runs"][0]["results"]
        if each["ruleId"] == "pac-look-alike"
    ]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (result["level"], region["startLine"]) == ("error", 2)
    assert region["startColumn"] > 1


def test_explain(capsys, tmp_path):
    path = tmp_path / "proxy.pac"
    path.write_text(ASKING)
    table = tmp_path / "dns"
    table.write_text("203.0.113.1 *\n")
    arguments = ["pac", "explain", str(path), "https://Meet.jive.com/secret?x"]
    assert run([*arguments, "--dns", str(table)]) == 0
    out = capsys.readouterr().out
    assert f"https://meet.jive.com/ → PROXY {PROXY}" in out
    assert f"decided by {path}:5:39: return" in out
    assert f'true at {path}:5:7: dnsDomainIs(host, ".jive.com")' in out
    assert "3 conditions were false" in out
    assert run(arguments) == 3
    assert 'depends on dnsResolve("meet.jive.com")' in capsys.readouterr().out
    assert run([*arguments, "--dns", str(table), "-o", "json", "--reader", "winhttp"]) == 0
    (answer,) = json.loads(capsys.readouterr().out)["answers"]
    assert answer["url"] == "https://meet.jive.com/secret?x"
    assert answer["decision"]["statement"]["line"] == 5


def test_explain_at_a_time(capsys, tmp_path):
    path = tmp_path / "proxy.pac"
    path.write_text(
        'function FindProxyForURL(url, host) {\n  return weekdayRange("SAT", "SUN") ? "DIRECT" : '
        '"PROXY a:1";\n}'
    )
    arguments = ["pac", "explain", str(path), "http://a.test/", "--at"]
    assert run([*arguments, "2026-11-28T12:00"]) == 0
    assert "→ DIRECT" in capsys.readouterr().out
    assert run([*arguments, "2026-11-27T23:30:00-05:00"]) == 0
    assert "→ PROXY a:1" in capsys.readouterr().out
    assert run(arguments[:-1]) == 3


@pytest.mark.parametrize("url", ["goto.com", "https://", "http://[::1", "http://a:b/"])
def test_what_is_no_url(capsys, tmp_path, url):
    path = tmp_path / "proxy.pac"
    path.write_text(GOOD)
    assert run(["pac", "explain", str(path), url]) == 2
    assert "not a URL" in capsys.readouterr().err


def test_explain_of_a_broken_file(capsys, tmp_path):
    path = tmp_path / "proxy.pac"
    path.write_text("var a = ;\n")
    assert run(["pac", "explain", str(path), "http://a.test/"]) == 2
    assert f"{path}:1:9: the file does not load" in capsys.readouterr().err
