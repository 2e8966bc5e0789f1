"""Whatever the text is: a ruleset that can be asked, or InputError; within bounds."""

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from callgate.check.limits import TooComplexError
from callgate.check.proxy import forks
from callgate.check.proxy.course import course
from callgate.dialects.squid.reading import SquidReader
from callgate.errors import InputError, Mistake
from callgate.places import Place
from callgate.rules.proxy import Request
from tests.support.hostile import hostile

WORDS = """
acl http_access allow deny all !all CONNECT localhost manager src dst dstdomain dstdom_regex port
method proto at_step any-of all-of SslBump1 SslBump9 -n -i +i -- --client-requested .goto.com
*.goto.com goto.com 443 3478 1-65535 99999 10.0.0.0/8 ::1 10.0.0.1-10.0.0.9 ( ^a$ (a+)+ a b c !a !b
ssl_bump splice bump peek stare terminate none client-first http_port 3128 ssl-bump intercept
on_unsupported_protocol tunnel respond http_upgrade_request_protocols websocket websocket/13 OTHER
never_direct always_direct cache_peer miss_access include "list" parameters("list") 'x' # \\ if
true false else endif 1 = time proxy_auth REQUIRED external ssl::server_name url_regex bogus
client_lifetime read_timeout minutes icap_service http_reply_access ssl::server_name_regex note
""".split()  # noqa: SIM905
LINE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
TEXTS = st.one_of(
    st.lists(LINE, max_size=25).map("\n".join),
    st.lists(st.one_of(LINE, hostile()), max_size=10).map("\n".join),
)


def include(name):
    """One list that is there; everything else is not."""
    if name == "list":
        return [("list", ".goto.com\n# c\n.jive.com x\n")]
    raise InputError([Mistake(Place(name), "cannot read")])


@given(text=TEXTS)
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_ruleset_or_a_mistake(text):
    SquidReader().detect(text)
    try:
        ruleset = SquidReader().parse(text, "f", include)
    except InputError as error:
        sources = {each.place.source for each in error.mistakes}
        event("refused")
    else:
        sources = {each.place.source for each in ruleset.unmodelled}
        ask(ruleset, text)
    assert sources <= {"f", "list"}


def ask(ruleset, text):
    """Ask a ruleset for both ports; everything reported stands in the text."""
    last = text.count("\n") + 1
    assert all(1 <= each.place.line <= last for each in ruleset.unmodelled)
    for port in (443, 3478):
        request = Request("x.goto.com", port, free=1)
        try:
            forks.leaves(lambda told, asked=request: course(ruleset, asked, told))
        except TooComplexError:
            event("too complex")


@pytest.mark.parametrize(
    ("text", "line"),
    [("http_port 1\nacl a src \0", 2), ("http_port 1\n" + "x" * 2_000_000, 2)],
    ids=["NUL", "long line"],
)
def test_what_is_no_configuration_is_one_mistake_with_its_line(text, line):
    with pytest.raises(InputError) as caught:
        SquidReader().parse(text, "f")
    assert [mistake.place.line for mistake in caught.value.mistakes] == [line]


@pytest.mark.timeout(60)
def test_a_file_that_includes_itself_ends():
    def circle(name):
        return [(name, "include again\ninclude again\nhttp_access deny all\n")]

    with pytest.raises(InputError, match="more than"):
        SquidReader().parse("include again\n", "f", circle)


@pytest.mark.timeout(60)
def test_long_lists_and_deep_groups_stay_bounded():
    names = "\n".join(f".n{number}.example" for number in range(10_000))
    for depth, known in ((10, True), (30, False), (300, False)):
        groups = "\n".join(f"acl g{n + 1} any-of g{n} g{n}" for n in range(depth))
        text = f'acl g0 dstdomain -n "list"\n{groups}\nhttp_access allow g{depth}\n'
        ruleset = SquidReader().parse(text, "f", lambda name: [(name, names)])
        request = Request("x.n9999.example", 443)
        assert course(ruleset, request, lambda text: False).passes is known
        assert bool(ruleset.unmodelled) is not known
