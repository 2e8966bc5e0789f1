"""What every dialect writes for GoTo, kept for review: a change shows in the diff of a commit.

Every scenario x {IPv4, IPv6, both} x {All, by domain} x {standalone, merge}. A refusal is part
of the picture. These files prove nothing by themselves: the oracles and the round trip do.
``make goldens`` writes them anew.
"""

import os
from itertools import product
from pathlib import Path

import pytest

from callgate.dialects import registry
from callgate.errors import CallgateError
from callgate.flows import Family
from callgate.policy.build import build
from callgate.policy.site import Apply
from tests.support import policies
from tests.support.devices import WRITTEN
from tests.support.round_trip import GOTO, SCENARIOS

FOLDER = Path(__file__).parent
FAMILIES = {"v4": (Family.V4,), "v6": (Family.V6,), "both": (Family.V4, Family.V6)}
VARIANTS = list(product(FAMILIES, ("all", "by-domain"), Apply))
WRITE = os.environ.get("CALLGATE_GOLDENS") == "write"


def written(name, scenario):
    """Every variant of one scenario, one after the other."""
    device = WRITTEN[name]
    target = registry.find(device.dialect)
    for family, destinations, apply in VARIANTS:
        site = policies.site(
            on=device.on[0], families=FAMILIES[family], by_domain=destinations == "by-domain"
        )
        site = device.merging(site) if apply is Apply.MERGE else device.site(site)
        yield f"===== {family}, {destinations}, {apply} ====="
        try:
            for artifact in target.generate(build(GOTO, site, (scenario,))):
                if artifact.is_configuration:
                    excess = f"  (excess: {artifact.excess_note})" if artifact.excess_note else ""
                    yield f"----- {artifact.name}{excess}"
                    yield artifact.text.rstrip("\n")
        except CallgateError as error:
            yield f"refused: {error}"


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_was_reviewed(name, scenario):
    path = FOLDER / name / f"{scenario}.txt"
    text = "\n".join(written(name, scenario)) + "\n"
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "`make goldens`, then review the diff"
