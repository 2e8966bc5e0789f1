"""Our squid.conf in a running Squid, in the lab: who signs, what passes, what is denied."""

import shutil
from dataclasses import dataclass
from ipaddress import ip_network

import pytest

from callgate.dialects.squid import Squid
from callgate.lab import squid
from callgate.lab.stage import Stage
from callgate.policy.build import build
from callgate.policy.site import Apply, Proxy, Site, Target
from tests.lab import proxied
from tests.lab.proxied import APP, INSPECTOR, LOOKALIKE, ORIGIN, PROFILE, SITE, Sight, look, upgrade
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

TLS = ("plain", "splice", "bump")
HARNESS = """
pid_filename {folder}/squid.pid
cache_log {folder}/cache.log
access_log stdio:{folder}/access.log
coredump_dir {folder}
cache deny all
pinger_enable off
netdb_filename none
shutdown_lifetime 0 seconds
cache_effective_user proxy
dns_nameservers {resolver}
tls_outgoing_options cafile={authority}
"""
#: A site's own file that inspects everything and has its own idea of ports.
OWN = """
http_port {port} ssl-bump generate-host-certificates=on tls-cert={authority}
sslcrtd_program /usr/lib/squid/security_file_certgen -s {store} -M 4MB
{first}
acl SSL_ports port 443
acl CONNECT method CONNECT
http_access deny CONNECT !SSL_ports
{middle}
http_access deny all
acl step1 at_step SslBump1
ssl_bump peek step1
ssl_bump bump all
{last}
"""


@dataclass(frozen=True)
class Bench:
    """A stage with an inspector's authority."""

    stage: Stage
    authority: object

    def generated(self, scenario, tls, **choices):
        """What the dialect writes for this lab's proxy."""
        atlas = self.stage.atlas
        paths = {"certificate": str(self.authority), "store": str(self.folder / "certificates")}
        whole = choices.get("apply") is not Apply.MERGE and tls != "plain"
        site = Site(
            clients=SITE.clients,
            networks=SITE.networks,
            proxy=Proxy("proxy.lab.test", 3128, (ip_network(atlas.proxy.v4),)),
            target=Target(options={"tls": tls, **(paths if whole else {})}),
            **choices,
        )
        (artifact,) = Squid().generate(build(PROFILE, site, (scenario,), filters=False))
        return artifact.text

    @property
    def folder(self):
        return self.stage.folder / "ours"

    def squid(self, scenario, text):
        """The firewall's rules for a scenario, and a Squid with this configuration."""
        proxied.arrange(self.stage, scenario)
        harness = HARNESS.format(
            folder=self.folder,
            resolver=self.stage.atlas.resolver.v4,
            authority=self.stage.authority.identity.certificate,
        )
        configured = self.folder / "squid.conf"
        configured.write_text(text + harness, encoding="utf-8")
        return proxied.proxy(self.stage, squid.command(configured), "ours")


@pytest.fixture(scope="module")
def bench():
    require(*proxied.TOOLS)
    with Stage(proxied.PLAN.atlas, browser=True) as stage:
        found = Bench(stage, proxied.inspector(stage.folder / "inspector"))
        stage.folder.chmod(0o755)
        found.folder.mkdir()
        stage["proxy"].run(*squid.prepare(found.folder))
        for path in (found.folder, *found.folder.rglob("*")):
            shutil.chown(path, squid.USER)
        yield found


@pytest.fixture(scope="class", params=TLS)
def running(request, bench):
    """A stage with a Squid of this kind, for media over TCP 443."""
    with bench.squid("turn-tcp-443", bench.generated("turn-tcp-443", request.param)):
        yield bench.stage, request.param


class TestForTheApplicationAlone:
    def test_the_application_gets_the_vendors_certificate(self, running):
        stage, _ = running
        assert look(stage, APP) == Sight("200", ORIGIN, "404")

    def test_the_application_gets_its_websocket(self, running):
        stage, _ = running
        assert upgrade(stage, APP) == Sight("200", ORIGIN, "101")

    def test_the_look_alike_is_denied_and_inspected_where_the_proxy_inspects(self, running):
        stage, tls = running
        # With ssl-bump a denied CONNECT answers 200, and the refusal comes inside forged TLS.
        denied = Sight("403") if tls == "plain" else Sight("200", INSPECTOR, "403")
        assert look(stage, LOOKALIKE) == denied
        assert look(stage, f"{APP}.evil.com") == denied

    def test_other_ports_are_denied(self, running):
        stage, tls = running
        if tls == "plain":
            assert look(stage, APP, port=3478) == Sight("403")

    @pytest.mark.parametrize("client", proxied.CLIENTS)
    def test_calls_go_through(self, running, client):
        stage, _ = running
        path, answer = proxied.call(stage, client)
        assert path == answer.chosen == "tls-relay@proxy", answer.troubles


@pytest.mark.parametrize("tls", TLS)
def test_media_on_tcp_3478_passes_where_the_scenario_wants_it(bench, tls):
    with bench.squid("turn-tcp-3478", bench.generated("turn-tcp-3478", tls)):
        path, answer = proxied.call(bench.stage)
    assert path == answer.chosen == "tcp-relay@proxy", answer.troubles


def test_others_are_inspected_where_the_proxy_is_for_more_than_the_application(bench):
    stage = bench.stage
    with bench.squid("turn-tcp-443", bench.generated("turn-tcp-443", "bump", block=False)):
        assert look(stage, APP) == Sight("200", ORIGIN, "404")
        other = look(stage, stage.atlas.vendor.v4, sni=LOOKALIKE)
        assert (other.connect, other.issuer) == ("200", INSPECTOR)
        # A client that connects to an address tells the name in TLS only.
        assert look(stage, stage.atlas.vendor.v4, sni=APP).issuer == ORIGIN


def own(bench, where, fragment):
    parts = {"first": "", "middle": "", "last": "", where: fragment}
    store = bench.folder / "certificates"
    return OWN.format(port=3128, authority=bench.authority, store=store, **parts)


@pytest.mark.parametrize("scenario", ["turn-tcp-3478", "turn-tcp-443"])
def test_a_fragment_before_the_sites_own_decisions_is_enough(bench, scenario):
    fragment = bench.generated(scenario, "bump", apply=Apply.MERGE)
    with bench.squid(scenario, own(bench, "first", fragment)):
        assert upgrade(bench.stage, APP) == Sight("200", ORIGIN, "101")
        assert look(bench.stage, LOOKALIKE) == Sight("200", INSPECTOR, "403")
        path, _ = proxied.call(bench.stage)
    assert path == {"turn-tcp-3478": "tcp-relay@proxy", "turn-tcp-443": "tls-relay@proxy"}[scenario]


def test_a_fragment_behind_them_comes_too_late(bench):
    fragment = bench.generated("turn-tcp-443", "bump", apply=Apply.MERGE)
    with bench.squid("turn-tcp-443", own(bench, "last", fragment)):
        assert look(bench.stage, APP).issuer == INSPECTOR


def test_a_fragment_where_debian_includes_it_is_too_late_for_port_3478(bench):
    fragment = bench.generated("turn-tcp-3478", "bump", apply=Apply.MERGE)
    with bench.squid("turn-tcp-3478", own(bench, "middle", fragment)):
        path, _ = proxied.call(bench.stage)
    assert path != "tcp-relay@proxy"
