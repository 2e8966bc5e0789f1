"""Whatever the text is: a ruleset whose graph holds, or InputError; within bounds."""

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from callgate.dialects.cisco.lines import LINE_LIMIT
from callgate.dialects.cisco_asa import CiscoAsa
from callgate.dialects.cisco_ios import CiscoIos
from callgate.errors import InputError
from callgate.rules import Action, Rule, verify_graph
from tests.support.hostile import hostile

READERS = [CiscoAsa(), CiscoIos()]
WORDS = """
access-list access-group object object-group network service protocol icmp-type extended standard
permit deny remark evaluate reflect ip ipv6 tcp udp icmp icmp6 esp any any4 any6 host range eq neq
lt gt log inactive time-range established object-group group-object network-object service-object
port-object protocol-object icmp-object interface nameif security-level in out global 0 1 65535
99999 0.0.0.255 255.255.255.0 192.0.2.1 192.0.2.0/24 2001:db8::/32 A B C sequence no clear
configure fqdn subnet host a.example.com nat (inside,outside) static dynamic names name class-map
policy-map type inspect match-any match-all match access-group protocol class class-default drop
pass zone zone-pair security source destination zone-member service-policy traffic-filter
same-security-traffic inter-interface banner motd ^C line control-plane ² echo 8 ! description
""".split()  # noqa: SIM905

line = st.tuples(
    st.sampled_from(("", " ", "  ")), st.lists(st.sampled_from(WORDS), min_size=1, max_size=9)
).map(lambda pair: pair[0] + " ".join(pair[1]))
texts = st.one_of(
    st.lists(line, max_size=25).map("\n".join),
    st.lists(st.one_of(line, hostile()), max_size=10).map("\n".join),
)
each_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)


@each_reader
@given(text=texts)
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_ruleset_or_a_mistake(reader, text):
    reader.detect(text)
    try:
        ruleset = reader.parse(text, "f")
    except InputError as error:
        sources = {mistake.place.source for mistake in error.mistakes}
        event("refused")
    else:
        verify_graph(ruleset)
        sources = {each.place.source for each in ruleset.unmodelled} | {"f"}
    assert sources == {"f"}


@each_reader
@given(text=st.lists(line, max_size=25).map("\n".join))
@settings(max_examples=100, deadline=None)
def test_everything_reported_stands_in_the_text(reader, text):
    try:
        ruleset = reader.parse(text, "f")
    except InputError:
        return
    last = text.count("\n") + text.count("\r") + 1
    assert all(1 <= each.place.line <= last for each in ruleset.unmodelled)


STATEMENTS = [
    "access-list A extended permit ip any any",
    "object network n\n host 192.0.2.1",
    "object-group network g\n network-object object n",
    "interface g0\n nameif inside\n security-level 100",
    "access-group A in interface inside",
    "ip access-list extended A\n permit tcp any any eq 80\n deny ip any any",
    "zone-pair security p source a destination b\n service-policy type inspect P",
    "policy-map type inspect P\n class type inspect C\n  inspect",
    "class-map type inspect match-any C\n match access-group name A\n match protocol http",
    "interface g1\n ip access-group A in\n zone-member security a",
]


@each_reader
@given(parts=st.lists(st.sampled_from(STATEMENTS), max_size=12), data=st.data())
@settings(max_examples=200, deadline=None)
def test_a_real_text_that_is_cut_or_damaged_is_a_ruleset_or_a_mistake(reader, parts, data):
    text = "\n".join(parts)
    at = data.draw(st.integers(0, len(text)))
    damage = data.draw(st.one_of(hostile(), st.sampled_from(WORDS)))
    for damaged in (text[:at], text[:at] + damage + text[at:]):
        try:
            verify_graph(reader.parse(damaged, "f"))
        except InputError:
            continue


@each_reader
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("hostname a\nx" + "y" * 10_000_000, 2),
        ("hostname a\n" + "permit " * 2_000_000, 2),
        ("h\0o\0s\0t\0", 1),
        (f"hostname a\n\n{'!' * (LINE_LIMIT + 1)}", 3),
    ],
    ids=["long word", "long line", "UTF-16", "long comment"],
)
def test_what_is_no_configuration_is_one_mistake_with_its_line(reader, text, line):
    with pytest.raises(InputError) as caught:
        reader.parse(text, "f")
    assert [mistake.place.line for mistake in caught.value.mistakes] == [line]


def test_a_banner_without_its_end_is_a_mistake():
    with pytest.raises(InputError, match=r"f:2:?.* no end"):
        CiscoIos().parse("hostname a\nbanner motd ^C\naccess-list 100 permit ip any any\n", "f")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("shape", ["chain", "twice", "circle"])
def test_groups_may_nest_thousands_deep_or_in_circles(shape):
    depth = 3000
    lines = ["object-group network g0", " network-object host 192.0.2.1"]
    for number in range(1, depth):
        lines += [f"object-group network g{number}", f" group-object g{number - 1}"]
        if shape == "twice":
            lines.append(f" group-object g{number - 1}")
    if shape == "circle":
        lines += ["object-group network g0", f" group-object g{depth - 1}"]
    lines.append(f"access-list A extended permit ip object-group g{depth - 1} any")
    ruleset = CiscoAsa().parse("\n".join(lines), "f")
    assert bool(ruleset.unmodelled) == (shape == "circle")
    first = ruleset.chains["A"].rules[0]
    assert isinstance(first, Rule)
    assert first.action is Action.ACCEPT


@pytest.mark.timeout(60)
def test_classes_that_hold_each_other_again_and_again_stay_bounded():
    lines = ["ip access-list extended A", " permit ip any any"]
    for level in range(40):
        lines.append(f"class-map type inspect match-any c{level}")
        lines += [f" match class-map c{level + 1}"] * 40
    lines += ["policy-map type inspect P", " class type inspect c0", "  inspect"]
    lines += ["zone-pair security z source a destination b", " service-policy type inspect P"]
    ruleset = CiscoIos().parse("\n".join(lines), "f")
    assert ruleset.rule_count < 500_000
    assert any("nest too deep" in each.hint for each in ruleset.unmodelled)


@pytest.mark.timeout(60)
def test_a_line_never_becomes_thousands_of_rules():
    lines = ["object-group service s"]
    lines += [f" service-object tcp source eq {n} destination eq {n}" for n in range(1, 5000)]
    lines.append("access-list A extended permit object-group s any any")
    ruleset = CiscoAsa().parse("\n".join(lines), "f")
    assert ruleset.rule_count == 1
    assert "more than 4096 rules" in ruleset.unmodelled[0].hint
