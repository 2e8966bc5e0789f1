"""The scripts are POSIX shell: dash reads them and shellcheck finds nothing to say."""

import subprocess

import pytest

from callgate.dialects.aws import Aws
from callgate.dialects.iptables import Iptables
from callgate.dialects.nftables import Nftables
from callgate.policy.site import On
from tests.lab.requirements import require
from tests.support.policies import IPT_MERGE, NFT_MERGE, policy

SCRIPTS = {
    f"{dialect.name}-{'merge' if merge else 'standalone'}-{each.name}": each.text
    for dialect, point in ((Nftables(), NFT_MERGE), (Iptables(), IPT_MERGE))
    for merge in (None, point)
    for each in dialect.generate(policy(merge=merge))
    if each.executable
} | {
    f"aws-{each.name}": each.text for each in Aws().generate(policy(on=On.HOST)) if each.executable
}

pytestmark = pytest.mark.lab


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=list(SCRIPTS))
@pytest.mark.parametrize("command", [("dash", "-n"), ("shellcheck", "-s", "sh", "-")], ids=" ".join)
def test_the_scripts_are_clean(text, command):
    require(command[0])
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_scripts_of_every_target_were_looked_at():
    assert len(SCRIPTS) == 10
