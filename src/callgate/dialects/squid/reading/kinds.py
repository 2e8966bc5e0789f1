"""The test that the values of one ``acl`` are, by its type.

Types that no request tells about are named doubts. Types about answers, which have no
effect where requests are judged, never hold there.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from callgate.dialects.squid.reading.addresses import EVERYWHERE, addresses, leads_nowhere, union
from callgate.dialects.squid.reading.findings import Findings
from callgate.dialects.squid.reading.lines import Value
from callgate.flows import IntervalSet
from callgate.names import matchers
from callgate.names.extents import Extent
from callgate.names.matchers import Fate
from callgate.rules import Addresses
from callgate.rules.proxy import (
    AllOf,
    AnyOf,
    Constant,
    Entries,
    Expression,
    Expressions,
    Methods,
    NameEntry,
    Ports,
    Sources,
    Steps,
    Term,
    Test,
    Unknown,
    Unreadable,
)
from callgate.rules.proxy.tests import suffixes

COMPOUND: Final = frozenset({"any-of", "all-of"})
_STEPS: Final = {"SslBump1": 1, "SslBump2": 2, "SslBump3": 3, "GeneratingCONNECT": 4}
_PORT_MAX: Final = 65535
#: How much of a value stands in the text of a doubt.
_SHOWN: Final = 60
#: Answered by the time, a helper, a login, the connection or where a name leads.
_DOUBTS: Final = frozenset(
    """
    adaptation_service arp browser ca_cert client_connection_mark clientside_mark
    connections_encrypted dst_as eui64 ext_user ext_user_regex external ident ident_regex
    localip localport max_user_ip maxconn myip myport myportname note peername peername_regex
    proxy_auth proxy_auth_regex random referer_regex req_header req_mime_type src_as srcdom_regex
    srcdomain tag time transaction_initiator urllogin user_cert has
    """.split()  # noqa: SIM905
)
#: About answers, errors and other protocols.
_NEVER: Final = frozenset(
    """
    hier_code http_status rep_header rep_mime_type snmp_community squid_error ssl_error
    server_cert_fingerprint
    """.split()  # noqa: SIM905
)
_ALWAYS: Final = frozenset({"annotate_client", "annotate_transaction"})


class Kind(NamedTuple):
    """An ``acl`` with all its values."""

    name: str
    kind: str
    flags: tuple[str, ...]
    values: tuple[Value, ...]

    @property
    def label(self) -> str:
        """The acl in a few words, for the text of a doubt."""
        shown = " ".join(value.text for value in self.values)
        cut = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 2].rstrip() + " …"
        return f"acl {self.name}: {self.kind} {cut}".rstrip()


Maker = Callable[[Kind, Findings], Test]


def make(kind: Kind, findings: Findings) -> Test:
    """The test of an acl; what Squid would refuse is reported as a mistake."""
    if not kind.values and kind.kind not in _DOUBTS:
        return Constant(value=False)
    return KINDS[kind.kind](kind, findings)


def _domains(kind: Kind, findings: Findings) -> Test:
    """``dstdomain``, and ``ssl::server_name`` where it compares names."""
    matcher = matchers.find("squid-dstdomain" if kind.kind == "dstdomain" else "squid-server-name")
    extents: list[Extent] = []
    for value in kind.values:
        read = matcher.read(value.text)
        idle = "" if read.fate is Fate.READ else read.reason
        if " " in value.text or "\t" in value.text:
            idle = "Squid takes a line of a file for one name, blanks and all"
            read = matchers.Reading()
        extents += read.extents
        findings.entries.append(NameEntry(value.text, value.place, read.extents, idle, kind.name))
    _refuse_wider(kind, findings)
    return Entries(tuple(extents))


def _refuse_wider(kind: Kind, findings: Findings) -> None:
    """Two names that stop Squid: NAME beside .NAME, and .NAME behind what lies within it.

    What lies within a wider name before it is passed over, and stands in nobody's way.
    """
    within: dict[str, str] = {}  # a suffix -> the first name before that ends in it
    seen: set[str] = set()
    for value in kind.values:
        name = value.text.lower()
        bare = name.removeprefix(".")
        if any(f".{wider}" in seen for wider in suffixes(bare) if wider != bare):
            continue
        other = within.get(name[1:], name) if name.startswith(".") else name
        if f".{name}" in seen:
            other = f".{name}"
        if other != name:
            message = f"{name} in acl {kind.name} cannot stand behind {other}"
            hint = "Squid refuses to start: keep the one with the leading dot"
            findings.refuse(value.place, message, hint)
        for suffix in suffixes(bare):
            within.setdefault(suffix, name)
        seen.add(name)


def _dstdomain(kind: Kind, findings: Findings) -> Test:
    if "-n" not in kind.flags and kind.values:
        findings.warn(
            "reverse-lookup",
            Value(f"acl {kind.name} dstdomain", kind.values[0].place),
            f"acl {kind.name}: dstdomain without -n looks CONNECT by address up backwards, so "
            "whoever owns the address chooses the name; write dstdomain -n",
        )
    return _domains(kind, findings)


def _server_name(kind: Kind, findings: Findings) -> Test:
    """By step: CONNECT's name, then the client's; in step 3 what the certificate holds."""
    named = _domains(kind, findings)
    return _by_step(kind, named)


def _by_step(kind: Kind, named: Test) -> Test:
    if "--client-requested" in kind.flags:
        return named
    early = Term(Steps(frozenset({0, 1, 2})))
    late = Term(Steps(frozenset({3})))
    certificate = Term(Unknown(f"the server's certificate fits {kind.label}"))
    from_now_on = _both(late, certificate)
    if "--server-provided" in kind.flags:
        return from_now_on
    return AnyOf((Term(_both(early, Term(named))), Term(from_now_on)))


def _both(first: Term, second: Term) -> Test:
    return AllOf((first, second))


def _expressions(kind: Kind, findings: Findings) -> Test:
    """Expressions on the host or, for ``url_regex``, on the request's target."""
    found: list[Expression] = []
    unread: list[Term] = []
    ignore_case = False
    for value in kind.values:
        if value.text in ("-i", "+i"):
            ignore_case = value.text == "-i"
            continue
        try:
            found.append(Expression.parse(value.text, ignore_case=ignore_case))
        except Unreadable as error:
            findings.report(value, f"this expression is not evaluated: {error}")
            unread.append(Term(Unknown(f"the name matches {value.text} (acl {kind.name})")))
    on_target = kind.kind == "url_regex"
    test = Expressions(tuple(found), f"acl {kind.name}", on_target=on_target)
    return AnyOf((Term(test), *unread)) if unread else test


def _server_name_expressions(kind: Kind, findings: Findings) -> Test:
    return _by_step(kind, _expressions(kind, findings))


def _sources(kind: Kind, findings: Findings) -> Test:
    found, named = _networks(kind, findings)
    together = union(found)
    if together == EVERYWHERE:
        return Constant(value=True)
    findings.clients.append(together)
    test = Sources(together, kind.label)
    if not named:
        return test
    by_name = Unknown(f"the client is {' or '.join(named[:3])} (acl {kind.name})")
    return AnyOf((Term(test), Term(by_name)))


def _destinations(kind: Kind, findings: Findings) -> Test:
    """Where a name leads is not known, but a vendor's never to what is not on the Internet."""
    if "-n" in kind.flags:
        return Constant(value=False)
    found, named = _networks(kind, findings)
    if union(found) == EVERYWHERE:
        return Constant(value=True)
    if not named and leads_nowhere(union(found)):
        return Constant(value=False)
    return Unknown(f"the name leads into {kind.label}")


def _networks(kind: Kind, findings: Findings) -> tuple[list[Addresses], list[str]]:
    found: list[Addresses] = []
    named: list[str] = []
    for value in kind.values:
        try:
            read = addresses(value.text)
        except ValueError as error:
            findings.refuse(value.place, str(error), "Squid refuses to start with it")
            continue
        if read is None:
            named.append(value.text)
        else:
            found.append(read)
    return found, named


def _ports(kind: Kind, findings: Findings) -> Test:
    found = []
    for value in kind.values:
        low, dash, high = value.text.partition("-")
        bounds = [low, high] if dash else [low, low]
        if all(each.isascii() and each.isdigit() and len(each) <= 5 for each in bounds):
            first, last = map(int, bounds)
            if first <= last <= _PORT_MAX:
                found.append((first, last))
                continue
        message = f"{value.text!r} is no port and no range of ports"
        findings.refuse(value.place, message, "Squid refuses to start with it")
    return Ports(IntervalSet.of(*found))


def _methods(kind: Kind, findings: Findings) -> Test:
    del findings
    return Methods(frozenset(value.text.upper() for value in kind.values))


def _steps(kind: Kind, findings: Findings) -> Test:
    found = set()
    for value in kind.values:
        if value.text in _STEPS:
            found.add(_STEPS[value.text])
        else:
            message = f"there is no step {value.text!r}"
            findings.refuse(value.place, message, "SslBump1, SslBump2 or SslBump3")
    return Steps(frozenset(found))


def _protocols(kind: Kind, findings: Findings) -> Test:
    """CONNECT has no protocol of its own; inside opened TLS it is HTTPS."""
    del findings
    wanted = {value.text.upper() for value in kind.values}
    return Methods(frozenset({"GET"})) if "HTTPS" in wanted else Constant(value=False)


def _doubt(kind: Kind, findings: Findings) -> Test:
    del findings
    return Unknown(kind.label)


def _never(kind: Kind, findings: Findings) -> Test:
    del kind, findings
    return Constant(value=False)


def _always(kind: Kind, findings: Findings) -> Test:
    del kind, findings
    return Constant(value=True)


def _path_expressions(kind: Kind, findings: Findings) -> Test:
    """CONNECT has no path; what is asked for inside opened TLS is not known."""
    del findings
    inside = Term(Methods(frozenset({"GET"})))
    return _both(inside, Term(Unknown(kind.label)))


KINDS: Final[dict[str, Maker]] = {
    "at_step": _steps,
    "dst": _destinations,
    "dstdom_regex": _expressions,
    "dstdomain": _dstdomain,
    "method": _methods,
    "port": _ports,
    "proto": _protocols,
    "src": _sources,
    "ssl::server_name": _server_name,
    "ssl::server_name_regex": _server_name_expressions,
    "url_regex": _expressions,
    "urlpath_regex": _path_expressions,
    **dict.fromkeys(_DOUBTS, _doubt),
    **dict.fromkeys(_NEVER, _never),
    **dict.fromkeys((f"ssl::{name}" for name in ("certHasExpired", "certNotYetValid",
        "certDomainMismatch", "certUntrusted", "certSelfSigned")), _never),
    **dict.fromkeys(_ALWAYS, _always),
}  # fmt: skip
