"""The decisions of ``proxy.pac`` in two JavaScript engines against the pure name model."""

import pytest

from callgate.dialects.pac import Pac
from callgate.policy.model import Policy
from tests.support.pac import (
    APP_PROXY,
    DEFAULT_PROXY,
    GOTO,
    PROTOTYPE_KEYS,
    TRAINING,
    es3,
    hostile_hosts,
    node_answers,
    pac_policy,
    patterns,
    quickjs_answers,
    random_hosts,
    random_patterns,
)

POLICIES = {
    "essential": pac_policy(),
    "training": pac_policy(domains=patterns(*GOTO, *TRAINING), default_proxy=DEFAULT_PROXY),
    "direct": pac_policy(proxy=None, default_proxy=DEFAULT_PROXY),
    "both-kinds": pac_policy(domains=patterns("goto.com", "*.goto.com", "meet.goto.com", "*.com")),
    "prototype": pac_policy(
        domains=patterns(*PROTOTYPE_KEYS, "*.__proto__", "__proto__.com", "*.constructor.com"),
        default_proxy=DEFAULT_PROXY,
    ),
    "two-thousand": pac_policy(domains=random_patterns(1, 2000), default_proxy=DEFAULT_PROXY),
}

#: What ECMAScript 3 already has; an engine of 1999 needs no more to run the file.
ES3_MEMBERS = {
    "call", "charAt", "hasOwnProperty", "indexOf", "length", "prototype", "substring",
    "toLowerCase",
}  # fmt: skip
OUR_NAMES = {
    "FindProxyForURL", "callgateAppWay", "callgateHas", "callgateIsApp", "callgateNames",
    "callgateOtherWay", "dot", "end", "host", "kind", "name", "url",
}  # fmt: skip


def script(policy: Policy) -> str:
    return Pac().generate(policy)[0].text


def hosts_for(policy: Policy) -> list[str]:
    bases = [pattern.base for pattern in policy.domains][:40] + list(PROTOTYPE_KEYS)
    below = [f"{label}.{p.base}" for p in policy.domains[40:240] for label in ("a", "b.c")]
    apex = [p.base for p in policy.domains[40:240]]
    return hostile_hosts(bases) + below + apex + random_hosts(7, 1000)


def expected(policy: Policy, hosts: list[str]) -> list[str]:
    app = f"PROXY {APP_PROXY}" if policy.proxy else "DIRECT"
    other = f"PROXY {DEFAULT_PROXY}" if policy.default_proxy else "DIRECT"
    return [app if any(p.matches(host) for p in policy.domains) else other for host in hosts]


def disagreements(policy: Policy, text: str, answers: list[str]) -> list[tuple[str, str, str]]:
    hosts = hosts_for(policy)
    return [
        (host, want, got)
        for host, want, got in zip(hosts, expected(policy, hosts), answers, strict=True)
        if want != got
    ]


def test_the_hosts_are_many_and_fall_on_both_sides():
    for name, policy in POLICIES.items():
        hosts = hosts_for(policy)
        answers = expected(policy, hosts)
        assert len(set(hosts)) >= 1000, name
        assert min(answers.count(way) for way in set(answers)) >= 10, name
        assert len(set(answers)) == 2, name


@pytest.mark.parametrize("name", POLICIES)
def test_quickjs_agrees_with_the_model(name):
    policy = POLICIES[name]
    text = script(policy)
    assert not disagreements(policy, text, quickjs_answers(text, hosts_for(policy)))


def test_node_agrees_with_the_model():
    texts = {name: script(policy) for name, policy in POLICIES.items()}
    answers = node_answers([(texts[name], hosts_for(POLICIES[name])) for name in POLICIES])
    for (name, policy), answer in zip(POLICIES.items(), answers, strict=True):
        assert not disagreements(policy, texts[name], answer), name


def test_the_file_is_ecmascript_3_and_calls_nothing_that_came_later():
    for found in es3([script(policy) for policy in POLICIES.values()]):
        assert "error" not in found
        assert set(found["members"]) <= ES3_MEMBERS
        assert set(found["names"]) - ES3_MEMBERS <= OUR_NAMES | {"Object", "String"}


@pytest.mark.parametrize(
    "later",
    ["let a = 1;", "var f = a => 1;", "var a = `x`;", "var a = {b: 1,};", "var a = b.default;"],
)
def test_the_ecmascript_3_parser_refuses_what_came_later(later):
    assert "error" in es3([script(POLICIES["essential"]) + later])[0]


@pytest.mark.parametrize(
    ("code", "mutant"),
    [
        (".toLowerCase()", ""),
        ('if (name.charAt(end) === ".") {', "if (false) {"),
        ("name = name.substring(0, end)", "name = name.replace(/[.]+$/, '')"),
        ("callgateHas(name, 1)", "callgateHas(name, 3)"),
        ("callgateHas(name, 1)", "callgateHas(name, 2)"),
        ("callgateHas(name.substring(dot), 2)", "callgateHas(name.substring(dot), 3)"),
        ("dot > 1;", "dot > 0;"),
        ('name.indexOf(".", 1)', 'name.indexOf(".")'),
        ('name.indexOf(".", dot + 1)', "-1"),
        ('".goto.com": 2', '".goto.com": 3'),
        ("callgateAppWay : callgateOtherWay", "callgateOtherWay : callgateAppWay"),
    ],
)
def test_a_mutant_of_the_file_is_caught(code, mutant):
    policy = pac_policy(domains=patterns("apis.google.com", "*.goto.com"))
    text = script(policy)
    assert text.count(code) == 1
    mutated = text.replace(code, mutant)
    assert disagreements(policy, mutated, quickjs_answers(mutated, hosts_for(policy)))
