"""The JSON form of ``callgate lab run`` is what its published schema says."""

import hashlib
import json
from importlib import resources

import jsonschema

from callgate.lab.audio import Quality
from callgate.lab.call import Answer, Call
from callgate.lab.cases import Case
from callgate.lab.delays import Delays
from callgate.lab.record import SCHEMA, as_json
from tests.support.schemas import shape

PUBLISHED = json.loads(
    resources.files("callgate.lab").joinpath("lab.schema.json").read_text(encoding="utf-8")
)
QUALITY = Quality(1.5, 0.2, 0.0, 0.02, Delays(0.7, 0.9, 1.1), None)
CALLS = [
    Call(Case("turn-udp", "direct", None, "udp-relay"), 4, "udp-relay", answer)
    for answer in (
        Answer("udp-relay", 1500, QUALITY, {"udp-direct": "media: no answer in time"}),
        Answer(None, None, None),
    )
]


def test_the_record_is_valid():
    record = json.loads(json.dumps(as_json("goto/2.1", "light", CALLS, ["a line"])))
    jsonschema.Draft7Validator(PUBLISHED).validate(record)
    assert record["schema"] == PUBLISHED["properties"]["schema"]["const"] == SCHEMA
    assert [call["holds"] for call in record["calls"]] == [True, False]
    assert record["calls"][0]["quality"]["up"] == {"p50": 0.7, "p95": 0.9, "p99": 1.1}


def test_the_schema_itself_is_valid():
    jsonschema.Draft7Validator.check_schema(PUBLISHED)


def test_the_shape_does_not_change_silently():
    """When this fails: new keys only → pin anew; else raise the version first."""
    text = json.dumps(shape(PUBLISHED), sort_keys=True)
    assert (SCHEMA, hashlib.sha256(text.encode()).hexdigest()) == (
        "callgate.lab/2",
        "933b67b7bb182e9058f8fa2071af078e9334074d57b419198b15ac552ba00f37",
    )
