"""Whatever stands in a policy's texts, each stays in its own field of ``proxy.pac``."""

import json
import re

from hypothesis import assume, example, given
from hypothesis import strategies as st

from callgate.dialects.pac import Pac
from callgate.errors import UsageError
from callgate.names import DomainPattern
from callgate.policy.model import Notice, Policy
from callgate.policy.site import Proxy
from tests.support.pac import APP_PROXY, engine, pac_policy, quickjs_answers

HOSTILE = (
    "*/ evil(); /*", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", '"', "'", "\\", "\\u000a",
    "//@cc_on", "<!--", "-->", "</script>", ";", "DIRECT", "${x}", "`", "\x00", "\x7f", "\ud800",
    "é", "\U0001f600", "__proto__", "\ufeff", " ", "\t",
)  # fmt: skip
texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=8).map("".join)
labels = st.text("abAB01-_", min_size=1, max_size=3)
names = st.lists(labels, min_size=1, max_size=5).map(".".join)
RETURN = re.compile(r"PROXY (?:[a-z0-9_.-]+|\[[0-9a-f:.]+\]):[0-9]{1,5}")
GLOBALS = (
    "Object.getOwnPropertyNames(globalThis).filter(function (n)"
    " { return n.indexOf('callgate') === 0 || n === 'FindProxyForURL' || n === 'evil'; })"
)


def script(policy: Policy) -> str:
    return Pac().generate(policy)[0].text


def code(text: str) -> list[str]:
    return [line for line in text.split("\n") if not line.startswith("// ")]


@given(texts, texts, texts, texts, texts)
@example("*/", "\n", "\u2028", "\r\nevil = 1;", "//@cc_on")
def test_comment_texts_stay_in_comments(site, document, profile, scenario, notice):
    policy = pac_policy(
        site=site,
        document=document,
        profile=profile,
        scenarios=(scenario,),
        notices=(Notice(notice, notice),),
    )
    text = script(policy)
    assert all(char == "\n" or " " <= char <= "~" for char in text)
    assert "*/" not in text
    assert code(text) == code(script(pac_policy()))


@given(st.lists(st.builds(DomainPattern, texts, st.booleans()), min_size=1, max_size=6))
@example([DomainPattern("__proto__")])
@example([DomainPattern('x": 1}; evil = 1; var y = {"')])
def test_names_stay_in_their_table(domains):
    text = script(pac_policy(domains=tuple(domains)))
    context = engine(text)
    assert text.isascii()
    keys = json.loads(context.eval("JSON.stringify(Object.keys(callgateNames))"))
    assert sorted(keys) == sorted({"." + pattern.base for pattern in domains})
    found = json.loads(context.eval(f"JSON.stringify({GLOBALS})"))
    assert sorted(found) == [
        "FindProxyForURL",
        "callgateAppWay",
        "callgateHas",
        "callgateIsApp",
        "callgateNames",
        "callgateOtherWay",
    ]


@given(texts | names | st.ip_addresses().map(str), st.integers(-1, 70000))
@example("proxy.example; DIRECT", 3128)
@example('p"; evil = 1; "', 3128)
@example("fe80::1%;DIRECT", 3128)
@example("proxy.example\n", 3128)
def test_a_proxy_is_one_proxy_or_refused(host, port):
    try:
        text = script(pac_policy(proxy=Proxy(host, port)))
    except UsageError:
        return
    (answer,) = quickjs_answers(text, ["meet.goto.com"])
    assert RETURN.fullmatch(answer)
    written, _, number = answer.removeprefix("PROXY ").rpartition(":")
    assert number == str(port)
    if host.isascii():
        assert written.strip("[]") == host.lower().removesuffix(".")


@given(st.lists(st.builds(DomainPattern, names, st.booleans()), min_size=1, max_size=8), names)
def test_the_engine_agrees_with_the_model(domains, host):
    lower = tuple(DomainPattern(each.base.lower(), each.below) for each in domains)
    below = [f"{host}.{lower[0].base.upper()}", lower[-1].base + "."]
    hosts = [host, *below, *(each.base for each in lower)]
    answers = quickjs_answers(script(pac_policy(domains=lower)), hosts)
    want = [any(each.matches(name) for each in lower) for name in hosts]
    assume(any(want))
    assert [answer == f"PROXY {APP_PROXY}" for answer in answers] == want
