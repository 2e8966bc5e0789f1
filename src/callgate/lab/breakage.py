"""Carry out what faults change in a lab that stands, and take it back.

Rules are one table for each node, loaded and deleted as a whole. Only what a change concerns
is started again. Everything is taken back in the reverse order, also when that is cut short
by an error.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from callgate.lab import forward, squid
from callgate.lab.atlas import Atlas
from callgate.lab.authority import Authority
from callgate.lab.faults.changes import (
    INTERCEPTOR_PORT,
    Certificate,
    Change,
    Frozen,
    Interceptor,
    Names,
    Nft,
    Portal,
    Proxy,
    Queue,
    Sysctl,
    Web,
)
from callgate.lab.faults.fault import Fault
from callgate.lab.identity import Identity
from callgate.lab.portal import NAME as PORTAL_NAME
from callgate.lab.programs import Program, ours
from callgate.names import DomainPattern
from callgate.netns import Namespace

if TYPE_CHECKING:
    from callgate.lab.stage import Stage

_TABLE: Final = "inet callgate_fault"
#: Deletes the table, whether or not there is one.
_NO_TABLE: Final = f"table {_TABLE}\ndelete table {_TABLE}\n"
#: Before anything that the rules under test or the lab's NAT may do.
_CHAINS: Final = {
    "in": "type filter hook prerouting priority -150",
    "dnat": "type nat hook prerouting priority -110",
    "snat": "type nat hook postrouting priority 90",
}
#: A port that a transparent Squid insists on.
_IDLE_PORT: Final = INTERCEPTOR_PORT + 1


class Breakage:
    """What some faults change; without faults, nothing."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self.faults = tuple(faults)
        self._changes = [change for fault in self.faults for change in fault.changes]
        self._tables: dict[str, str] = {}

    @property
    def proxy(self) -> Proxy:
        """How the proxy runs."""
        return next((each for each in self._changes if isinstance(each, Proxy)), Proxy())

    @property
    def frozen(self) -> bool:
        """Whether the proxy is stopped where it stands."""
        return any(isinstance(each, Frozen) for each in self._changes)

    @property
    def touches_proxy(self) -> bool:
        """Whether a proxy that has run meanwhile knows things that are no longer so."""
        return any(path.proxied for fault in self.faults for path in fault.truths) or any(
            isinstance(each, Proxy | Frozen | Names) for each in self._changes
        )

    @contextmanager
    def carried_out(self, stage: "Stage") -> Iterator[None]:
        """The network is broken inside the body and whole again outside."""
        with ExitStack() as stack:
            for change in self._changes:
                stack.enter_context(_carried_out(change, stage))
            self._replace_servers(stage, stack)
            self._load_rules(stage, stack)
            if any(isinstance(each, Proxy | Frozen | Names) for each in self._changes):
                stage.restart_proxy()
            yield

    def load(self, node: Namespace, name: str) -> None:
        """Load a node's rules (again), if it has any."""
        if name in self._tables:
            node.load_nft(self._tables[name])

    @staticmethod
    def filled(text: str, atlas: Atlas, folder: Path) -> str:
        """The text with the lab's own names and addresses."""
        return _filled(text, {**_values(atlas), "folder": str(folder)})

    def _load_rules(self, stage: "Stage", stack: ExitStack) -> None:
        rules = [each for each in self._changes if isinstance(each, Nft)]
        self._tables = tables(rules, _values(stage.atlas))
        for name in self._tables:
            stack.callback(stage[name].load_nft, _NO_TABLE)
            self.load(stage[name], name)

    def _replace_servers(self, stage: "Stage", stack: ExitStack) -> None:
        """Start servers with other certificates, once each, and then with their own."""
        certificates = {
            each.server: each for each in self._changes if isinstance(each, Certificate)
        }
        found = [each for each in self._changes if isinstance(each, Web)]
        identities = {name: _identity(stage, each) for name, each in certificates.items()}
        own = stage.servers.identities
        if found or "vendor" in certificates:
            stack.callback(stage.servers.replace_vendor, own["vendor"], Web())
            web = found[0] if found else Web()
            stage.servers.replace_vendor(identities.get("vendor", own["vendor"]), web)
        if "turn" in certificates:
            stack.callback(stage.servers.replace_turn, own["turn"])
            stage.servers.replace_turn(identities["turn"])


def tables(rules: Iterable[Nft], values: dict[str, str]) -> dict[str, str]:
    """For each node the text that makes its table, whether or not there was one."""
    chains: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in rules:
        chains[each.node][each.hook].append(_filled(each.rule, values))
    return {node: _table(found) for node, found in chains.items()}


def _table(chains: dict[str, list[str]]) -> str:
    lines = [f"table {_TABLE} {{"]
    for hook, rules in chains.items():
        lines += [f"\tchain {hook.upper()} {{", f"\t\t{_CHAINS[hook]}; policy accept;"]
        lines += [f"\t\t{each}" for each in rules]
        lines.append("\t}")
    lines += ["}", ""]
    return _NO_TABLE + "\n".join(lines)


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _values(atlas: Atlas) -> dict[str, str]:
    return {
        "turn_name": atlas.turn_name,
        "domains": " ".join(_as_squid_writes(atlas.patterns)),
        "proxy_v6": atlas.proxy.v6,
    }


def _as_squid_writes(patterns: Iterable[DomainPattern]) -> list[str]:
    """Squid refuses a name that another one covers."""
    bases = {each.base: each.below for each in patterns}
    return [
        f".{base}" if below else base
        for base, below in bases.items()
        if not any(base.endswith(f".{other}") and bases[other] for other in bases)
    ]


@contextmanager
def _carried_out(change: Change, stage: "Stage") -> Iterator[None]:
    """One change that others do not share; rules, servers and proxy come later, as a whole."""
    match change:
        case Names(trouble=trouble, name=name):
            of = None if name is None else _filled(name, _values(stage.atlas))
            stage.servers.mislead(Names(trouble, of))
            try:
                yield
            finally:
                stage.servers.mislead(None)
        case Interceptor():
            with _running(_interceptor(change, stage)):
                yield
        case Portal():
            with _running(_portal(stage)):
                yield
        case Sysctl(node=node, name=name, value=value):
            before = stage[node].parameter(name)
            stage[node].sysctl({name: value})
            try:
                yield
            finally:
                stage[node].sysctl({name: before})
        case Queue(node=node, interface=interface, discipline=discipline):
            where = ("dev", interface, "root")
            stage[node].run("tc", "qdisc", "add", *where, *discipline.split())
            try:
                yield
            finally:
                stage[node].run("tc", "qdisc", "delete", *where)
        case _:
            yield


@contextmanager
def _running(program: Program) -> Iterator[None]:
    try:
        yield
    finally:
        program.end()


def _interceptor(change: Interceptor, stage: "Stage") -> Program:
    label = "trusted" if change.trusted else "untrusted"
    exempt = _filled(change.exempt or "", _values(stage.atlas))
    authority = stage.inspection
    if not change.trusted:
        authority = Authority(stage.folder, "Callgate untrusted CA", "untrusted")
    setup = squid.Setup(
        squid.Mode.EXEMPT if exempt else squid.Mode.BUMP,
        ("443",),
        _IDLE_PORT,
        stage.atlas.resolver.both,
        exempt,
        stage.folder / f"interceptor-{label}{'-exempt' if exempt else ''}",
        authority.identity,
        stage.trusted,
        intercept=INTERCEPTOR_PORT,
    )
    log = stage.log("interceptor")
    return forward.start(stage["firewall"], setup, stage.resolver, log, stage.atlas.outside.both)


def _portal(stage: "Stage") -> Program:
    identity = stage.authority.issue("portal", PORTAL_NAME)
    program = Program(stage["firewall"], ours("portal"), stage.log("portal"))
    program.tell({"certificate": str(identity.certificate), "key": str(identity.key)})
    program.hear()
    return program


def _identity(stage: "Stage", change: Certificate) -> Identity:
    names = {
        "vendor": [str(each) for each in stage.atlas.patterns],
        "turn": [stage.atlas.turn_name],
    }[change.server]
    authority = stage.authority
    if not change.chain:
        authority = Authority(
            stage.folder, "Callgate lab intermediate CA", "intermediate", stage.authority
        )
    return authority.issue(
        f"{change.server}-wrong",
        *([change.name] if change.name else names),
        days=(change.begins, change.ends),
    )
