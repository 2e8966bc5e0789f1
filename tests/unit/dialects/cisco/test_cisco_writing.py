"""What is written for ASA and IOS: order, names, roll-back, and what is refused."""

import re
from dataclasses import replace

import pytest

from callgate.dialects.cisco_asa import Asa, CiscoAsa
from callgate.dialects.cisco_ios import CiscoIos, Ios
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family
from callgate.policy.build import build
from callgate.policy.site import Apply, On, Target
from tests.support.devices import BY_NAME
from tests.support.policies import policy, site
from tests.support.round_trip import GOTO
from tests.support.verdicts import ask, ask_back

ASA_TARGET = Target(inside="inside")
IOS_TARGET = Target("Gi0/1", "Gi0/0", options={"stateful": "reflexive"})


def texts(dialect, written):
    made, back = dialect.generate(written)
    assert back.rollback
    return made.text.splitlines(), back.text.splitlines()


def commands(lines):
    return [line for line in lines if not line.startswith("!")]


def asa(**changes):
    return texts(Asa(), replace(policy(), **{"target": ASA_TARGET} | changes))


def ios(**changes):
    return texts(Ios(), replace(policy(), **{"target": IOS_TARGET} | changes))


def merged(name, families=(Family.V4,), **choices):
    device = BY_NAME[name]
    return build(GOTO, device.merging(site(families=families, **choices)), ("turn-udp",))


def test_an_asa_list_is_bound_in_one_step_when_it_is_complete():
    made, _ = asa()
    lines = commands(made)
    assert re.fullmatch(r"access-group CALLGATE-[0-9a-f]{6} in interface inside", lines[-1])
    name = lines[-1].split()[1]
    assert lines[-2] == f"access-list {name} extended deny ip any any"
    assert not any(line.startswith(("no ", "clear ")) for line in lines)


def test_an_asa_roll_back_unbinds_first_and_removes_only_what_is_ours():
    _, back = asa()
    lines = commands(back)
    assert lines[0].startswith("no access-group CALLGATE-")
    assert all("CALLGATE-" in line for line in lines)
    _, back = asa(target=Target(inside="inside", options={"previous-list": "INSIDE_IN"}))
    assert commands(back)[0] == "access-group INSIDE_IN in interface inside"


def test_other_rules_make_other_groups_and_lists():
    one, other = asa()[0], asa(rules=policy().rules[:-1])[0]
    names = [set(re.findall(r"CALLGATE-[0-9a-f]{6}\b", "\n".join(each))) for each in (one, other)]
    assert len(names[0]) == len(names[1]) == 1
    assert names[0] != names[1]


def test_an_asa_merge_inserts_lines_one_behind_the_other_and_takes_back_just_those():
    made, back = texts(Asa(), merged("cisco-asa"))
    numbers = [int(n) for n in re.findall(r"INSIDE_IN line (\d+) ", "\n".join(made))]
    assert numbers == list(range(3, 3 + len(numbers)))
    removed = [line.removeprefix("no ") for line in commands(back) if "INSIDE_IN" in line]
    assert removed == [re.sub(r" line \d+", "", line) for line in made if "INSIDE_IN" in line]
    assert "deny" not in "\n".join(commands(made))


def test_a_merged_line_before_a_deny_lets_calls_pass():
    made, _ = texts(Asa(), merged("cisco-asa"))
    mine = (
        "access-list INSIDE_IN extended permit tcp any any eq 22\n"
        "access-list INSIDE_IN extended deny tcp any any eq 23\n"
        "access-list INSIDE_IN extended deny ip any any\n"
    )
    packet = "udp 192.0.2.7#51000 > 198.51.100.7#3478"
    assert ask(CiscoAsa(), mine, packet, "INSIDE_IN")[0] == "blocked"
    assert ask(CiscoAsa(), mine + "\n".join(made), packet, "INSIDE_IN")[0] == "satisfied"


def test_ios_records_what_goes_out_before_it_judges_answers():
    lines = commands(ios()[0])
    bound = [line for line in lines if " out" in line and line.startswith((" ip ", " ipv6 "))]
    assert [("OUT" in line, "BACK" in line) for line in bound] == [(True, False)] * 2 + [
        (False, True)
    ] * 2
    assert not any(line.startswith(("no ", " no ")) for line in lines)


def test_ios_lists_never_touch_the_routers_own_traffic():
    assert not any(re.search(r"(access-group|traffic-filter) \S+ in$", line) for line in ios()[0])


def test_an_ios_list_of_ipv6_keeps_neighbour_discovery_before_its_deny():
    lines = ios()[0]
    deny = lines.index(" deny ipv6 any any")
    assert {" permit icmp any any nd-na", " permit icmp any any nd-ns"} <= set(lines[:deny])


def test_an_ios_merge_numbers_its_entries_and_takes_back_just_those():
    made, back = texts(Ios(), merged("cisco-ios-established"))
    assert commands(made)[0] == "ip access-list extended OUT"
    added = [line.split()[0] for line in commands(made) if line.startswith(" ")]
    assert sorted(added) == sorted(
        line.split()[1] for line in commands(back) if line.startswith(" no ")
    )


def test_established_declares_what_may_come_unasked():
    target = Target("Gi0/1", "Gi0/0", options={"stateful": "established"})
    made = Ios().generate(replace(policy(), target=target))[0]
    assert "passes unasked" in made.excess_note
    assert "! Excess:    " in made.text
    reflexive = Ios().generate(replace(policy(), target=IOS_TARGET))[0]
    assert reflexive.excess <= made.excess
    assert reflexive.excess != made.excess


@pytest.mark.parametrize(
    ("make", "changes", "error", "said"),
    [
        (asa, {"on": On.HOST}, UnsupportedError, "filters what it forwards"),
        (asa, {"block": None}, UnsupportedError, "blocks what it does not permit"),
        (ios, {"block": None}, UnsupportedError, "blocks what it does not permit"),
        (ios, {"target": Target("a", "b")}, UsageError, "what lets the answers pass"),
        (
            ios,
            {"target": Target(options={"stateful": "reflexive"})},
            UsageError,
            "--outside NAME",
        ),
        (
            ios,
            {"apply": Apply.MERGE, "block": None},
            UnsupportedError,
            "a list of IOS has one family",
        ),
    ],
)
def test_what_cannot_be_written_is_refused(make, changes, error, said):
    with pytest.raises(error, match=said):
        make(**changes)


def test_the_interface_is_never_guessed():
    with pytest.raises(UsageError, match="--inside NAME"):
        Asa().generate(policy())


def test_where_to_merge_is_never_guessed():
    with pytest.raises(UsageError, match="must know their place"):
        Asa().generate(replace(policy(), apply=Apply.MERGE, block=None))
    answers = replace(
        merged("cisco-ios-reflexive"), target=Target(options={"stateful": "reflexive"})
    )
    with pytest.raises(UsageError, match="name the list that the answers meet"):
        Ios().generate(answers)


OUT = "ip access-list extended OUT\n permit udp any any eq 3478 reflect R\n deny ip any any\n"
BACK = "ip access-list extended BACK\n evaluate R\n deny ip any any\n"
BOUND = "interface Gi0/0\n ip access-group OUT out\ninterface Gi0/1\n ip access-group BACK out\n"
TURN = "udp 192.0.2.7#51000 > 198.51.100.7#3478"


@pytest.mark.parametrize(
    ("out", "back", "verdict"),
    [
        (OUT, BACK, "satisfied"),
        (OUT, BACK.replace("evaluate R", "evaluate S"), "depends"),
        (OUT.replace(" permit", " permit udp any any\n permit", 1), BACK, "depends"),
        (OUT.replace(" permit", " permit tcp any any\n permit", 1), BACK, "satisfied"),
        (OUT.replace(" reflect R", ""), BACK, "depends"),
        (OUT.replace(" permit", " deny ip host 192.0.2.9 any\n permit", 1), BACK, "satisfied"),
    ],
)
def test_answers_pass_where_what_goes_out_is_recorded(out, back, verdict):
    assert ask_back(CiscoIos(), out + back + BOUND, TURN, "Gi0/1 > Gi0/0") == verdict
