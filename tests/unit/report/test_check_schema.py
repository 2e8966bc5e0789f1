"""The JSON form of ``callgate check`` is what its published schema says."""

import hashlib
import json
from importlib import resources

import jsonschema
import pytest

from callgate.cli.main import run
from tests.support.schemas import shape

SCHEMA = json.loads(
    resources.files("callgate.report").joinpath("check.schema.json").read_text(encoding="utf-8")
)
RULES = """
table ip filter {
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established accept
		limit rate 5/second accept
		tcp dport { 22, 443 } accept
		meta mark 7 queue num 3
	}
}
table ip nat {
	chain post {
		type nat hook postrouting priority srcnat;
		masquerade
	}
}
"""


def answers(capsys, path, *more: str) -> dict:
    run(["check", "goto", str(path), "-o", "json", *more])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "more",
    [[], ["--client", "10.0.0.0/8"], ["--scenario", "turn-tcp-443", "--client", "10.0.0.0/8"]],
)
def test_the_output_is_valid(capsys, tmp_path, more):
    path = tmp_path / "fw.nft"
    path.write_text(RULES)
    answer = answers(capsys, path, *more)
    jsonschema.Draft7Validator(SCHEMA).validate(answer)
    assert answer["schema"] == SCHEMA["properties"]["schema"]["const"]


def test_the_schema_itself_is_valid():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_the_shape_does_not_change_silently():
    """When this fails: new keys only → pin anew; else raise the version first."""
    text = json.dumps(shape(SCHEMA), sort_keys=True)
    assert (SCHEMA["properties"]["schema"]["const"], hashlib.sha256(text.encode()).hexdigest()) == (
        "callgate.check/1",
        "f216c15a3b8428f2828293228f6c3ebe1e706d867548dac45b55cee92e0f2ef5",
    )
