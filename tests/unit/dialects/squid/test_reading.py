"""Each piece of squid.conf does to one request what Squid does."""

import pytest

from callgate.check.proxy import forks
from callgate.check.proxy.course import Treatment, course
from callgate.dialects import proxy_reading
from callgate.dialects.squid.reading import SquidReader
from callgate.errors import InputError, Mistake
from callgate.flows import Family
from callgate.places import Place
from callgate.rules.proxy import Request

FILES = {
    "names": "# ours\n.goto.com   # and below\n\n  meet.example\n.a.example .b.example\n",
    "more.conf": "acl fromfile dstdomain -n .goto.com\n",
}


def include(name):
    """The files above; everything else cannot be read."""
    if name not in FILES:
        raise InputError([Mistake(Place(name), "cannot read: no such file")])
    return [(name, FILES[name])]


def read(text):
    return SquidReader().parse(text, "f", include)


def passes(text, host="app.goto.com", port=443, client=None):
    """Whether a CONNECT gets through: true, false, or the doubts that it hangs on."""
    ruleset = read(text)
    found = forks.leaves(lambda told: course(ruleset, Request(host, port, client=client), told))
    results = {leaf.result.passes for leaf in found}
    if len(results) == 1:
        return results.pop()
    return forks.conditions([forks.Leaf(leaf.assumptions, leaf.result.passes) for leaf in found])


def only(acl):
    """A configuration that allows what one acl holds."""
    return f"acl a {acl}\nhttp_access allow a\n"


INSIDE = (Family.V4, 0x0A000005)  # 10.0.0.5

#: acl -> whether CONNECT app.goto.com:443 from 10.0.0.5 is in it.
HOLDS = {
    "dstdomain .goto.com": True,
    "dstdomain .GOTO.com": True,
    "dstdomain app.goto.com": True,
    "dstdomain goto.com": False,
    "dstdomain *.goto.com": False,
    "dstdomain .goto.com.": False,
    "dstdomain -n .other.example .goto.com": True,
    'dstdomain -n "names"': True,
    "dstdomain": False,
    "dstdom_regex goto": True,
    "dstdom_regex GOTO": False,
    "dstdom_regex -i GOTO": True,
    "dstdom_regex -i XX +i GOTO": False,
    "url_regex ^app.goto.com:443$": True,
    "url_regex /": False,
    "urlpath_regex .": False,
    "port 443": True,
    "port 1-1023": True,
    "port 80 3478": False,
    "method CONNECT": True,
    "method GET POST": False,
    "proto HTTP HTTPS": False,
    "src 10.0.0.0/8": True,
    "src 10.0.0.1-10.0.0.9": True,
    "src 10.0.0.0/255.255.255.0": True,
    "src 192.0.2.0/24 2001:db8::/32": False,
    "src all": True,
    "src ipv6": False,
    "dst 127.0.0.0/8": False,
    "dst 10.0.0.0/8 fc00::/7": False,
    "dst all": True,
    "dst -n 192.0.2.0/24": False,
    "at_step SslBump1": True,
    "at_step SslBump2": False,
    "ssl::server_name .goto.com": True,
    "ssl::server_name --client-requested .goto.com": True,
    "ssl::server_name --server-provided .goto.com": False,
    "ssl::server_name_regex ^app": True,
    "any-of all": True,
    "all-of all !all": False,
    "http_status 200": False,
    "annotate_client x=y": True,
}


@pytest.mark.parametrize("acl", HOLDS)
def test_an_acl_holds_or_does_not(acl):
    assert passes(only(acl), client=INSIDE) is HOLDS[acl]


#: acl -> the doubt that it is.
DOUBTS = {
    "time MTWHF 08:00-17:00": "acl a: time MTWHF 08:00-17:00",
    "ident REQUIRED": "acl a: ident REQUIRED",
    "proxy_auth REQUIRED": "acl a: proxy_auth REQUIRED",
    "external helper": "acl a: external helper",
    "dst 192.0.2.0/24": "the name leads into acl a: dst 192.0.2.0/24",
    "dst server.example": "the name leads into acl a: dst server.example",
    "src client.example": "the client is client.example (acl a)",
    'dstdomain -n "nosuch"': 'acl a holds what is in "nosuch"',
    "dstdom_regex (a+)+": "the name matches (a+)+ (acl a)",
    "maxconn 5": "acl a: maxconn 5",
}


@pytest.mark.parametrize("acl", DOUBTS)
def test_what_no_request_tells_is_a_doubt_by_its_text(acl):
    assert passes(only(acl), client=INSIDE) == (DOUBTS[acl],)


def test_clients_that_nobody_named_are_a_doubt():
    assert passes(only("src 10.0.0.0/8")) == ("the client is in acl a: src 10.0.0.0/8",)


#: Rules -> whether the request gets through.
RULES = {
    "": False,
    "http_access allow all\n": True,
    "http_access deny CONNECT\nhttp_access allow all\n": False,
    "http_access deny manager\n": True,
    "http_access allow manager\n": False,
    "http_access allow !manager\n": True,
    "http_access permit all\nhttp_access deny manager\n": True,
    "http_access allow\nhttp_access deny all\n": False,
    "http_access deny to_localhost\nhttp_access allow all\n": True,
    "http_access allow all\nadapted_http_access deny all\n": False,
    "http_access allow all\nmiss_access deny manager\n": True,
    "http_access allow all\nnever_direct allow all\n": False,
    "http_access allow all\nnever_direct deny manager\n": False,
    "http_access allow all\nnever_direct allow all\nalways_direct allow all\n": True,
    "acl A dstdomain -n .x\nhttp_access allow a\nacl a dstdomain -n .goto.com\n": True,
    "include more.conf\nhttp_access allow FROMFILE\n": True,
    "http_access allow \\\n  # why\n\n  all\n": True,
    "if 1 = 2\nhttp_access deny all\nelse\nhttp_access allow all\nendif\n": True,
    "if false\nnonsense\nendif\nhttp_access allow all # all of it\n": True,
}


@pytest.mark.parametrize("rules", RULES)
def test_rules_are_tried_from_the_top_and_end_as_squid_ends_them(rules):
    assert passes(rules) is RULES[rules]


def test_a_parent_has_rules_of_its_own():
    text = "http_access allow all\nnever_direct allow all\ncache_peer p.example parent 3128 0\n"
    assert passes(text) == ("the parent proxy lets it pass: cache_peer p.example parent 3128 0",)


PORT = "http_port 3128 ssl-bump\nhttp_access allow all\nacl s1 at_step SslBump1\n"
#: Rules for TLS -> (what becomes of it, whether an upgrade survives, whether plain TURN does).
BUMPS = {
    "": ("ALONE", True, True),
    "ssl_bump none all\n": ("ALONE", True, True),
    "ssl_bump bump all\n": ("OPENED", False, False),
    "ssl_bump peek s1\nssl_bump splice all\n": ("WATCHED", True, False),
    "ssl_bump peek s1\nssl_bump server-first all\n": ("WATCHED", True, False),
    "ssl_bump stare all\n": ("OPENED", False, False),
    "ssl_bump peek all\nssl_bump bump all\n": ("WATCHED", True, False),
    "ssl_bump bump all\nhttp_upgrade_request_protocols websocket allow all\n":
        ("OPENED", True, False),
    "ssl_bump bump all\nhttp_upgrade_request_protocols OTHER allow all\n"
    "http_upgrade_request_protocols websocket deny all\n": ("OPENED", False, False),
    "ssl_bump bump all\non_unsupported_protocol tunnel all\n": ("OPENED", False, True),
    "ssl_bump terminate all\n": ("CLOSED", True, False),
}  # fmt: skip


@pytest.mark.parametrize("rules", BUMPS)
def test_tls_is_left_alone_watched_opened_or_closed(rules):
    found = course(read(PORT + rules), Request("app.goto.com", 443), lambda _: False)
    assert (found.treatment, found.keeps_upgrade, found.carries_strange) == (
        Treatment[BUMPS[rules][0]],
        *BUMPS[rules][1:],
    )


def test_the_walk_tells_every_list_and_step():
    text = PORT + "ssl_bump peek s1\nssl_bump bump all\n"
    found = course(read(text), Request("app.goto.com", 443), lambda _: False)
    assert [(step.chain, step.effect, step.line.place.line) for step in found.walk] == [
        ("http_access", "allow", 2),
        ("ssl_bump, step 1", "peek", 4),
        ("ssl_bump, step 2", "bump", 5),
        ("on_unsupported_protocol", "respond", 1),
        ("http_access", "allow", 2),
        ("http_upgrade_request_protocols", "deny", 1),
    ]


def test_entries_know_their_list_file_and_line():
    entries = read(only('dstdomain -n "names"')).entries
    assert [(e.text, e.place.source, e.place.line, e.list) for e in entries] == [
        (".goto.com", "names", 2, "a"),
        ("meet.example", "names", 4, "a"),
        (".a.example .b.example", "names", 5, "a"),
    ]
    assert entries[2].idle.startswith("Squid takes a line of a file for one name")


#: Text -> (line, part of the message) of its one mistake.
REFUSED = {
    "acl a foo x\n": (1, "no acl type"),
    "acl a\n": (1, "a name and a type"),
    "\n# c\nhttp_access allow nosuch\n": (3, "no acl 'nosuch' up to here"),
    "acl a port 0x1\n": (1, "no port"),
    "acl a src 10.0.0.0/33\n": (1, "does not appear"),
    "acl a src 10.0.0.9-10.0.0.1\n": (1, "no range"),
    "acl a dstdomain goto.com .goto.com\n": (1, "cannot stand behind"),
    "acl a src 10.0.0.0/8\nacl a port 1\n": (2, "of type src already"),
    "acl a at_step SslBump7\n": (1, "no step"),
    "acl a port -n 443\n": (1, "no option -n"),
    "ssl_bump open all\n": (1, "ssl_bump expects"),
    "http_port\n": (1, "names no port"),
    "http_port abc\n": (1, "is no port"),
    "include nosuch.conf\n": (1, "cannot read"),
    "if ${process_number} = 1\nendif\n": (1, "not evaluated"),
    "if true\n": (0, "no endif"),
    "endif\n": (1, "without if"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_squid_refuses_is_a_mistake_at_its_line(text):
    with pytest.raises(InputError) as caught:
        read(text)
    (mistake,) = caught.value.mistakes
    assert (mistake.place.line, REFUSED[text][1] in mistake.message) == (REFUSED[text][0], True)


def test_every_mistake_of_a_file_is_told():
    with pytest.raises(InputError) as caught:
        read("acl a foo x\nhttp_access allow b\nssl_bump c all\n")
    assert [mistake.place.line for mistake in caught.value.mistakes] == [1, 2, 3]


#: Line -> part of the hint under "Not modelled".
REPORTED = {
    "icap_service s respmod_precache icap://x": "content filter",
    "url_rewrite_program /x": "rewrite",
    "http_reply_access deny all": "101",
    "htp_access allow all": "did you mean http_access?",
    "http_port 3129 intercept": "intercept",
    "https_port 3130 tproxy": "tproxy",
    "client_lifetime soon": "not read",
}


@pytest.mark.parametrize("line", REPORTED)
def test_what_may_take_part_is_reported(line):
    (found,) = read(f"http_access allow all\n{line}\n").unmodelled
    assert (found.text, found.place.line) == (line, 2)
    assert REPORTED[line] in found.hint


@pytest.mark.parametrize("line", ["cache_mem 8 MB", "dns_nameservers 192.0.2.53", "via off"])
def test_what_is_idle_here_is_not_reported(line):
    assert read(f"{line}\n").unmodelled == ()


def test_squid_is_told_by_its_own_lines_only():
    reader = proxy_reading.find("squid")
    assert reader.detect("# c\nhttp_access deny all\n")
    assert reader.detect("acl SSL_ports port 443\n")
    assert not reader.detect("access-list 1 permit any\nip route 0.0.0.0 0.0.0.0 192.0.2.1\n")
    assert not reader.detect("acl a {\n")


@pytest.mark.parametrize(
    ("limit", "told"),
    [("client_lifetime 1 day", False), ("client_lifetime 1 hour", True),
     ("client_lifetime 30 minutes", True), ("read_timeout 15 minutes", False),
     ("read_timeout 10 seconds", True)],
)  # fmt: skip
def test_a_time_that_a_call_can_outlast_is_told(limit, told):
    assert bool(read(f"{limit}\n").findings) is told
