"""Rules by domain are not tried where nobody resolves names: closed would look like right."""

import pytest

from callgate.errors import UsageError
from callgate.lab.campaign import cases, example_site
from callgate.lab.judgement import Plan
from callgate.policy.site import Site
from callgate.profiles.loader import find

GOTO = find("goto")
SITE = example_site(GOTO, Site(by_domain=True))


def test_a_proof_of_rules_by_domain_is_refused():
    with pytest.raises(UsageError, match="dnsmasq"):
        cases(GOTO, SITE, ["turn-tcp-443"], ["nftables"])


def test_calls_through_rules_by_domain_are_refused():
    with pytest.raises(UsageError, match="dnsmasq"):
        Plan(GOTO, SITE, "nftables")
