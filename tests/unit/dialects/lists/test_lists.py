"""Lists are written as each product takes them, and read as it takes them."""

import json

import pytest

from callgate.cli.main import run
from callgate.dialects import proxy_reading, registry
from callgate.dialects.lists.fortigate_reading import FortigateProxyReader
from callgate.errors import InputError, UnsupportedError, UsageError
from tests.support.naming import named_policy, with_names

#: Reader -> dialect and the artifact that it reads.
WRITTEN = {
    "zscaler": ("zscaler", "zscaler-urls.txt"),
    "umbrella": ("umbrella", "umbrella-destinations.txt"),
    "pan-edl": ("pan-edl", "pan-url.txt"),
    "pan-edl-domain": ("pan-edl", "pan-domain.txt"),
    "pan-exclusion": ("pan-edl", "pan-exclusion.txt"),
    "fortigate-proxy": ("fortigate-proxy", "fortigate-exempt.conf"),
}


@pytest.mark.parametrize("reader", WRITTEN)
def test_what_was_written_is_enough_and_not_too_wide(capsys, tmp_path, reader):
    dialect, name = WRITTEN[reader]
    arguments = ["generate", "goto", "--scenario", "turn-tcp-443", "--dialect", dialect]
    assert run([*arguments, "-d", str(tmp_path)]) == 0
    path = str(tmp_path / name)
    check = ["check", "goto", path, "--dialect", reader, "--fail-on", "excess", "-o", "json"]
    capsys.readouterr()
    assert run([*check, "--scenario", "turn-tcp-443"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []


@pytest.mark.parametrize("dialect", ["zscaler", "pan-edl", "umbrella"])
def test_lists_hold_entries_alone_and_the_way_back_is_beside_them(dialect):
    *lists, told = registry.find(dialect).generate(named_policy())
    assert told.instructions
    assert "To go back" in told.text
    for each in lists:
        assert each.is_configuration
        assert all(
            line and " " not in line and "#" not in line for line in each.text.split("\n")[:-1]
        )


def test_only_the_list_is_printed(capsys):
    assert run(["generate", "goto", "--scenario", "turn-udp", "--dialect", "zscaler"]) == 0
    shown = capsys.readouterr()
    assert shown.out.split("\n")[:2] == [".expertcity.com", ".getgo.com"]
    assert "To go back" not in shown.out
    assert "zscaler-instructions.txt" in shown.err


@pytest.mark.parametrize(
    ("dialect", "words"),
    [("zscaler", "6 labels or more"), ("pan-edl", "7 labels or more"), ("umbrella", None)],
)
def test_what_the_product_does_not_reach_is_said(dialect, words):
    told = registry.find(dialect).generate(named_policy())[-1].text.replace("\n", " ")
    assert ("labels or more" in told) is (words is not None)
    assert words is None or words in told


def many(count):
    """A policy with so many names."""
    return with_names(named_policy(), *(f"*.n{number}.example" for number in range(count)))


@pytest.mark.parametrize(
    ("dialect", "count", "numbers"),
    [("zscaler", 25_001, ("25,001", "25,000")), ("pan-edl", 50_001, ("50,001", "50,000"))],
)
def test_a_list_over_the_limit_is_refused_with_both_numbers(dialect, count, numbers):
    with pytest.raises(UnsupportedError) as caught:
        registry.find(dialect).generate(many(count))
    assert all(number in caught.value.message for number in numbers)


def test_exclusions_have_a_limit_of_their_own():
    with pytest.raises(UnsupportedError, match=r"1,026 entries.* 1,024 decryption exclusions"):
        registry.find("pan-edl").generate(many(171))


@pytest.mark.parametrize("reader", ["zscaler", "pan-edl"])
def test_a_list_over_the_limit_is_warned_about_when_read(reader):
    count = 25_001 if reader == "zscaler" else 50_001
    text = "\n".join(f"n{number}.example/" for number in range(count))
    found = proxy_reading.find(reader).parse(text, "f").findings
    assert [each.kind for each in found] == ["over-limit"]
    assert f"{count:,} entries" in found[0].message


@pytest.mark.parametrize("value", ["0", "x", "1e3", "²", "99999999999"])
def test_a_capacity_is_a_number(value):
    with pytest.raises(UsageError, match="capacity"):
        registry.find("pan-edl").generate(named_policy(options=[("capacity", value)]))


def test_the_capacity_is_that_of_the_model():
    with pytest.raises(UnsupportedError, match=r"7 entries.* takes 6 entries, as you say"):
        registry.find("pan-edl").generate(named_policy(options=[("capacity", "6")]))
    assert registry.find("pan-edl").generate(named_policy(options=[("capacity", "7")]))


@pytest.mark.parametrize(
    "option", [("profile", 'x"\nend'), ("profile", ""), ("exempt-id", "0"), ("exempt-id", "a")]
)
def test_names_and_numbers_of_a_fortigate_are_checked(option):
    with pytest.raises(UsageError):
        registry.find("fortigate-proxy").generate(named_policy(options=[option]))


def test_what_a_fortigate_is_given_is_taken_back_in_reverse():
    given, back = registry.find("fortigate-proxy").generate(named_policy())
    made = [line.split()[1] for line in given.text.split("\n") if line.strip().startswith("edit")]
    gone = [line.split()[1] for line in back.text.split("\n") if "delete" in line]
    assert set(gone) == {*made} - {'"custom-deep-inspection"'}
    assert back.text.index("90001") < back.text.index('delete "callgate"\n')
    assert back.text.index('delete "callgate"\n') < back.text.index('"callgate-1"')


FORTIGATE = """\
config firewall wildcard-fqdn custom
    edit "goto"
        set comment "two
lines"
        set wildcard-fqdn "*.goto.com"
    next
end
config firewall wildcard-fqdn group
    edit "all"
        set member "goto" "nosuch"
    next
end
config firewall ssl-ssh-profile
    edit "deep"
        config ssl-exempt
            edit 1
                set fortiguard-category 31
            next
            edit 2
                set type wildcard-fqdn
                set wildcard-fqdn "all"
            next
        end
    next
end
"""


def test_a_fortigate_is_read_through_its_groups():
    ruleset = FortigateProxyReader().parse(FORTIGATE, "f")
    assert [(entry.text, entry.place.line) for entry in ruleset.entries] == [("*.goto.com", 5)]
    assert [each.place.line for each in ruleset.unmodelled] == [16, 21]


def test_with_two_profiles_it_depends_which_one_calls_meet(capsys, tmp_path):
    path = tmp_path / "fortigate.conf"
    profile = FORTIGATE[FORTIGATE.index("config firewall ssl-ssh") :]
    path.write_text(FORTIGATE + profile.replace("deep", "other"))
    arguments = ["check", "goto", str(path), "--dialect", "fortigate-proxy"]
    assert run([*arguments, "--scenario", "turn-tcp-443"]) == 3
    assert "use one profile that exempts all of it: deep, other" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("config system global\nend\n", "no ssl-ssh-profile"),
        ("config firewall ssl-ssh-profile\n", "has no end"),
        ('config a\nset x "', "has no end"),
        ("a\0", "NUL"),
    ],
)
def test_what_is_no_configuration_of_a_fortigate_is_a_mistake(text, message):
    with pytest.raises(InputError, match=message):
        FortigateProxyReader().parse(text, "f")
