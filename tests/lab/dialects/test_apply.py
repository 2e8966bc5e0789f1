"""``apply.sh`` and ``rollback.sh`` in a real kernel: what they change and what they do not.

A router stands between a client and a server. In a merge it has a policy-drop ruleset of
its own, which permits mail and no calls.
"""

import contextlib
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from callgate.dialects.registry import find
from callgate.policy.model import Networks
from callgate.policy.site import Final, MergePoint, On
from tests.lab.requirements import require
from tests.support.policies import IPT_MERGE, NFT_MERGE, policy, with_rule
from tests.support.spaces import HOST_V6, SERVER_V4, SERVER_V6, neighbours, routed, session

pytestmark = pytest.mark.lab

OWN_NFT = """
table inet filter {
	set friends { type ipv4_addr; flags interval; elements = { 198.51.100.64/28 }; }
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
		tcp dport { 25, 587 } accept comment "mail # handle 3"
		ip daddr @friends tcp dport 8001 accept
		tcp dport 8000 accept
	}
}
"""
OWN_IPTABLES = """
*filter
:FORWARD DROP [0:0]
:SITE - [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -p tcp -m multiport --dports 25,587 -m comment --comment "mail, and more" -j ACCEPT
-A FORWARD -j SITE
-A SITE -p tcp -m tcp --dport 8000 -j ACCEPT
COMMIT
"""
#: What the site itself permits, and what the calls need.
MAIL = [("tcp", 25), ("tcp", 8000)]
CALLS = [("udp", 3478), ("tcp", 443)]
CLOSED = [("udp", 3479), ("tcp", 444)]


@dataclass(frozen=True)
class Target:
    """One packet filter: how to load the site's own rules and how to see all of them."""

    dialect: str
    backend: str
    merge: MergePoint

    def __str__(self):
        return self.backend

    @property
    def tools(self):
        return ("nft",) if self.backend == "nft" else (self.backend,)

    @property
    def six(self):
        return self.backend.replace("iptables", "ip6tables")

    def load_own(self, space):
        if self.backend == "nft":
            space.nft(OWN_NFT)
            return
        for tool in (self.backend, self.six):
            space.run(f"{tool}-restore", stdin=OWN_IPTABLES)

    def listed(self, space):
        """The whole ruleset, comments of the listing and counters aside."""
        if self.backend == "nft":
            return space.ruleset()
        both = "".join(space.run(f"{tool}-save").stdout for tool in (self.backend, self.six))
        text = "\n".join(line for line in both.splitlines() if not line.startswith("#"))
        return re.sub(r"\[\d+:\d+\]", "", text)

    def scripts(self, folder, made):
        """Write the artifacts; returns a function that runs one of the scripts."""
        folder.mkdir(exist_ok=True)
        for artifact in find(self.dialect).generate(made):
            (folder / artifact.name).write_text(artifact.text)

        def run(space, script, *options, check=True):
            command = ("env", f"IPTABLES={self.backend}", "dash", str(folder / script), *options)
            return space.run(*command, check=check)

        return run


TARGETS = [
    Target("nftables", "nft", NFT_MERGE),
    Target("iptables", "iptables-nft", IPT_MERGE),
    Target("iptables", "iptables-legacy", IPT_MERGE),
]
every_target = pytest.mark.parametrize("target", TARGETS, ids=str)


@contextlib.contextmanager
def site(target):
    """The routed network whose router has the site's own rules."""
    require(*target.tools, "ip", "dash")
    with routed() as (client, router, server):
        target.load_own(router)
        yield client, router, server


def served(server, services):
    for kind, port in services:
        for host in (SERVER_V4, SERVER_V6):
            server.serve(kind, host, port)


def passing(client, services):
    """Those of the services that the client reaches, per family."""
    wanted = sorted(both(services))
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda each: client.reach(each[0], each[2], each[1]), wanted)
        return {each for each, answer in zip(wanted, found, strict=True) if answer == "passed"}


def both(services):
    return {(kind, port, host) for kind, port in services for host in (SERVER_V4, SERVER_V6)}


def wait_until(condition, seconds):
    """Poll: the timer of a script in a namespace has no event that we could await."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@every_target
def test_merged_calls_pass_and_the_other_services_still_do(target, tmp_path):
    with site(target) as (client, router, server):
        served(server, MAIL + CALLS + CLOSED)
        assert passing(client, MAIL + CALLS) == both(MAIL)
        run = target.scripts(tmp_path, policy(merge=target.merge))
        run(router, "apply.sh")
        assert passing(client, MAIL + CALLS + CLOSED) == both(MAIL + CALLS)
        run(router, "rollback.sh")
        assert passing(client, MAIL + CALLS) == both(MAIL)


@every_target
@pytest.mark.parametrize("block", [False, True])
def test_merged_twice_is_once_and_back_is_as_before(target, block, tmp_path):
    with site(target) as (_, router, _):
        before = target.listed(router)
        run = target.scripts(tmp_path, policy(merge=target.merge, block=block, final=Final.DROP))
        run(router, "apply.sh")
        once = target.listed(router)
        assert once != before
        run(router, "apply.sh")
        assert target.listed(router) == once
        run(router, "rollback.sh")
        assert target.listed(router) == before
        nothing = run(router, "rollback.sh", check=False)
        assert nothing.returncode == 1
        assert "nothing to roll back" in nothing.stderr


@every_target
def test_the_jump_stands_where_the_site_wants_it(target, tmp_path):
    with site(target) as (_, router, _):
        before = target.listed(router)
        for position in (1, 2, 3, 4):
            point = replace(target.merge, position=position)
            run = target.scripts(tmp_path, policy(merge=point))
            run(router, "apply.sh")
            lines = target.listed(router).splitlines()
            chain = [
                line
                for line in lines
                if line.startswith(
                    ("-A FORWARD", "\t\tct", "\t\ttcp", "\t\tip daddr @f", "\t\tjump")
                )
            ]
            jumps = [
                line for line in chain[:4] if "comment callgate" in line or "jump callgate" in line
            ]
            assert jumps == [chain[position - 1]]
        for _ in range(4):
            run(router, "rollback.sh")
        assert target.listed(router) == before


@every_target
def test_a_place_that_does_not_exist_changes_nothing(target, tmp_path):
    with site(target) as (_, router, _):
        before = target.listed(router)
        for point, words in (
            (replace(target.merge, position=9), "beyond the end"),
            (replace(target.merge, chain="nowhere"), "has no chain nowhere"),
        ):
            run = target.scripts(tmp_path, policy(merge=point))
            failed = run(router, "apply.sh", check=False)
            assert failed.returncode == 1
            assert words in failed.stderr
            assert target.listed(router) == before
        assert not (tmp_path / "state").exists()


@every_target
def test_a_newer_version_replaces_the_older_and_each_can_be_taken_back(target, tmp_path):
    with site(target) as (client, router, server):
        served(server, [*CALLS, ("tcp", 444)])
        before = target.listed(router)
        target.scripts(tmp_path, policy(merge=target.merge))(router, "apply.sh")
        older = target.listed(router)
        other = tuple(map(ip_network, ("198.51.100.0/29", "203.0.113.0/24")))
        newer = with_rule(
            policy("turn-tcp-443", merge=target.merge, families=(policy().families[0],)),
            destination=Networks(other, "narrow"),
        )
        run = target.scripts(tmp_path, newer)
        run(router, "apply.sh")
        assert "narrow" in target.listed(router).lower()
        assert passing(client, CALLS) >= {("tcp", 443, SERVER_V4)}
        assert ("udp", 3478, SERVER_V4) not in passing(client, CALLS)
        run(router, "rollback.sh")
        assert target.listed(router) == older
        target.scripts(tmp_path, policy(merge=target.merge))(router, "rollback.sh")
        assert target.listed(router) == before


@every_target
def test_not_confirmed_it_rolls_itself_back(target, tmp_path):
    with site(target) as (_, router, _):
        before = target.listed(router)
        run = target.scripts(tmp_path, policy(merge=target.merge))
        run(router, "apply.sh", "--confirm", "1")
        assert target.listed(router) != before
        waiting = run(router, "apply.sh", check=False)
        assert waiting.returncode == 1
        assert "waits for confirmation" in waiting.stderr
        wait_until(lambda: "rolled back" in (tmp_path / "state/confirm.log").read_text(), 10)
        assert target.listed(router) == before


@every_target
def test_confirmed_it_stays(target, tmp_path):
    with site(target) as (_, router, _):
        run = target.scripts(tmp_path, policy(merge=target.merge))
        run(router, "apply.sh", "--confirm", "1")
        run(router, "apply.sh", "--keep")
        kept = target.listed(router)
        late = run(router, "apply.sh", "--keep", check=False)
        assert late.returncode == 1
        assert "nothing waits" in late.stderr
        wait_until(lambda: not timers(tmp_path), 10)
        assert target.listed(router) == kept


def timers(folder):
    """The running timers of the scripts in a folder, by their command lines."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = process.read_bytes()
            if b"--expire" in words and str(folder).encode() in words:
                found.append(words)
    return found


@every_target
def test_check_changes_nothing(target, tmp_path):
    with site(target) as (_, router, _):
        before = target.listed(router)
        run = target.scripts(tmp_path, policy(merge=target.merge))
        assert "nothing was changed" in run(router, "apply.sh", "--check").stderr
        assert target.listed(router) == before
        assert not (tmp_path / "state").exists()


@every_target
def test_standalone_refuses_a_box_with_rules_of_its_own(target, tmp_path):
    with site(target) as (client, router, server):
        served(server, MAIL + CALLS)
        before = target.listed(router)
        run = target.scripts(tmp_path, policy())
        refused = run(router, "apply.sh", check=False)
        assert refused.returncode == 1
        assert "--replace" in refused.stderr
        assert target.listed(router) == before
        run(router, "apply.sh", "--replace")
        assert not passing(client, MAIL)
        run(router, "rollback.sh")
        assert target.listed(router) == before
        assert passing(client, MAIL) == both(MAIL)


@every_target
@pytest.mark.parametrize("final", list(Final), ids=str)
def test_standalone_lets_the_calls_through_and_nothing_else(target, final, tmp_path):
    require(*target.tools, "ip", "dash")
    with routed() as (client, router, server):
        served(server, MAIL + CALLS + [("udp", 53)])
        client.serve("tcp", "192.0.2.10", 443)
        run = target.scripts(tmp_path, policy(final=final))
        run(router, "apply.sh")
        assert passing(client, MAIL + CALLS) == both(CALLS)
        answer = "refused" if final is Final.REJECT else "silence"
        assert client.reach("tcp", SERVER_V4, 25) == answer
        assert client.reach("udp", SERVER_V4, 53) == "refused"
        assert server.reach("tcp", "192.0.2.10", 443) == answer


@every_target
def test_ipv6_lives_on_a_host_with_a_final_block(target, tmp_path):
    require(*target.tools, "ip", "dash")
    with neighbours() as (host, peer):
        for port in (443, 444):
            peer.serve("tcp", SERVER_V6, port)
        host.serve("tcp", HOST_V6, 22)
        host.serve("tcp", HOST_V6, 80)
        host.serve("tcp", "::1", 9999)
        run = target.scripts(tmp_path, policy(on=On.HOST))
        run(host, "apply.sh")
        host.forget_neighbours()
        assert host.reach("tcp", SERVER_V6, 443) == "passed"
        assert host.reach("tcp", SERVER_V6, 444) == "refused"
        assert host.reach("tcp", "::1", 9999) == "passed"
        for each in (host, peer):
            each.forget_neighbours()
        assert peer.reach("tcp", HOST_V6, 22) == "passed"
        assert peer.reach("tcp", HOST_V6, 80) == "refused"


def test_without_neighbour_discovery_ipv6_would_not_live(tmp_path):
    target = TARGETS[0]
    require(*target.tools, "ip", "dash")
    with neighbours() as (host, peer):
        peer.serve("tcp", SERVER_V6, 443)
        whole = policy(on=On.HOST)
        rules = tuple(rule for rule in whole.rules if not rule.icmp_types)
        target.scripts(tmp_path, replace(whole, rules=rules))(host, "apply.sh")
        host.forget_neighbours()
        assert host.reach("tcp", SERVER_V6, 443) != "passed"


@every_target
def test_the_session_of_the_administrator_survives_the_apply(target, tmp_path):
    require(*target.tools, "ip", "dash")
    with neighbours() as (host, admin):
        prompt, answer = session(host, admin, HOST_V6, 22)
        target.scripts(tmp_path, policy(on=On.HOST))(host, "apply.sh")
        prompt()
        assert answer() == "prompt ls"


@every_target
def test_a_family_that_is_not_wanted_is_blocked(target, tmp_path):
    require(*target.tools, "ip", "dash")
    with routed() as (client, router, server):
        served(server, CALLS)
        target.scripts(tmp_path, policy(families=policy().families[:1]))(router, "apply.sh")
        assert passing(client, CALLS) == {(kind, port, SERVER_V4) for kind, port in CALLS}


@every_target
def test_a_folder_with_an_odd_name_is_as_good_as_any(target, tmp_path):
    with site(target) as (_, router, _):
        before = target.listed(router)
        run = target.scripts(tmp_path / "it's a $(dir)\n; x", policy(merge=target.merge))
        run(router, "apply.sh", "--confirm", "60")
        run(router, "apply.sh", "--keep")
        assert target.listed(router) != before
        run(router, "rollback.sh")
        assert target.listed(router) == before


@every_target
def test_wrong_options_change_nothing(target, tmp_path):
    with site(target) as (_, router, _):
        before = target.listed(router)
        run = target.scripts(tmp_path, policy(merge=target.merge))
        for options in (["--confirm"], ["--confirm", "soon"], ["--confirm", "0"], ["--aplly"]):
            assert run(router, "apply.sh", *options, check=False).returncode == 2
        assert "--confirm SECONDS" in run(router, "apply.sh", "--help").stdout
        assert target.listed(router) == before
