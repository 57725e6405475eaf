"""Placeholders of data sources."""

import base64
import json
from datetime import datetime
from typing import Any

import pytest

from paritycheck.provider.interface import UNKNOWN, Attribute, Block, Dynamic, NestedBlock, Refused
from paritycheck.provider.planning.formats import check_format
from paritycheck.provider.planning.placeholders import fill_placeholders, override

TYPES = {
    "arn": "string",
    "id": "string",
    "vpc_id": "string",
    "json": "string",
    "endpoint": "string",
    "port": "number",
    "enabled": "bool",
    "any": "dynamic",
    "ids": ["list", "string"],
    "items": ["set", ["object", {"port": "number"}]],
    "pair": ["tuple", ["bool", "number"]],
    "labels": ["map", "string"],
}
BLOCK = Block(
    {name: Attribute(cty, computed=True) for name, cty in TYPES.items()} | {"name": Attribute("string", optional=True)},
    {"filter": NestedBlock("list", Block({"id": Attribute("string", computed=True)}))},
)
CONFIG = dict.fromkeys(BLOCK.attributes) | {"filter": [{"id": None}, UNKNOWN]}


def test_placeholders_have_the_right_type() -> None:
    """And look like what their name says."""
    found = fill_placeholders("aws_db_thing", BLOCK, CONFIG, "arn:aws:db:eu-west-1:123456789012")

    assert {"json": "{}", "port": 1, "enabled": False, "labels": {}, "pair": [False, 1], "items": [{"port": 1}], "name": None} == {
        name: found[name] for name in ("json", "port", "enabled", "labels", "pair", "items", "name")
    }
    assert (None, True, "db-thing-endpoint") == (check_format(found["arn"], "arn"), found["vpc_id"].startswith("vpc-"), found["endpoint"])
    assert (3, 3, Dynamic) == (len(found["ids"]), len(set(found["ids"])), type(found["any"]))
    assert (True, UNKNOWN) == (found["filter"][0]["id"].startswith("db-thing-"), found["filter"][1])


def test_placeholders_can_be_read_by_functions() -> None:
    """Such as those for networks, times and encodings."""
    texts = ["cidr_block", "ipv6_cidr_block", "private_ip", "data", "creation_date", "issuer", "result"]
    block = Block(
        {name: Attribute("string", computed=True) for name in texts} | {"cidr_blocks": Attribute(["list", "string"], computed=True)}
    )

    found = fill_placeholders("aws_net_work", block, {})

    assert ["10.0.0.0/16", "2001:db8:0::/56", "10.0.0.10"] == [found[name] for name in texts[:3]]
    assert ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"] == found["cidr_blocks"]
    assert (b"placeholder", 2024, {}) == (
        base64.b64decode(found["data"]),
        datetime.fromisoformat(found["creation_date"]).year,
        json.loads(found["result"]),
    )
    assert "https://net-work.example.com/id/" == found["issuer"][:32]


def test_placeholders_are_the_same_every_time() -> None:
    """Two environments see no difference that is none."""
    assert fill_placeholders("aws_x_y", BLOCK, CONFIG) == fill_placeholders("aws_x_y", BLOCK, CONFIG)


def test_what_is_configured_stays() -> None:
    """Also what may be computed."""
    assert ("vpc-mine", "n") == tuple(
        fill_placeholders("aws_x_y", BLOCK, CONFIG | {"vpc_id": "vpc-mine", "name": "n"})[name] for name in ("vpc_id", "name")
    )


def test_answers_take_their_attributes_type() -> None:
    assert {"port": 5, "vpc_id": "7", "ids": ["a"], "enabled": None, "items": [{"port": 2}]} == override(
        BLOCK, {"port": 1}, {"port": "5", "vpc_id": 7, "ids": ["a"], "enabled": None, "items": [{"port": 2}]}
    )


@pytest.mark.parametrize(
    ("name", "answer"),
    [("enabled", "maybe"), ("ids", "a"), ("ids", [["a"]]), ("name", ["a"]), ("labels", [1]), ("items", [{"prot": 2}]), ("port", {})],
)
def test_an_answer_of_another_type_is_refused(name: str, answer: Any) -> None:
    """It would otherwise be null, or an empty list, silently."""
    with pytest.raises(Refused, match=f"answers {name} with a value of another type"):
        override(BLOCK, {}, {name: answer})


def test_an_answer_of_no_attribute_is_refused() -> None:
    """A typing mistake would otherwise change nothing, silently."""
    with pytest.raises(Refused, match="prot"):
        override(BLOCK, {}, {"prot": 5})
