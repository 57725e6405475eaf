"""The schema says which values are sets."""

from __future__ import annotations

import pytest

from paritycheck.provider.interface import Attribute, Block, Instance, NestedBlock, Object, Path, Provider, Schema
from paritycheck.provider.schemas.sets import set_test

RULE = Block(attributes={"ports": Attribute(["set", "number"]), "name": Attribute("string")})
BLOCK = Block(
    attributes={
        "zones": Attribute(["set", "string"]),
        "names": Attribute(["list", "string"]),
        "nested": Attribute(["map", ["list", ["object", {"inner": ["set", "string"], "other": "string"}]]]),
        "pair": Attribute(["tuple", ["string", ["set", "string"]]]),
    },
    blocks={"rule": NestedBlock("set", RULE), "step": NestedBlock("list", RULE), "only": NestedBlock("single", RULE)},
)


class OneType(Provider):
    """A provider with one resource and one data source."""

    source = "test/one"

    def schema(self) -> Schema:
        return Schema(Block())

    def resource_schema(self, type_name: str) -> Schema | None:
        return Schema(BLOCK) if type_name == "one_thing" else None

    def data_source_schema(self, type_name: str) -> Schema | None:
        return Schema(RULE) if type_name == "one_answer" else None

    def configure(self, config: Object) -> Instance:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("type_name", "path", "expected"),
    [
        ("one_thing", ("zones",), True),
        ("one_thing", ("zones", 3), False),
        ("one_thing", ("names",), False),
        ("one_thing", ("rule",), True),
        ("one_thing", ("rule", 7), False),
        ("one_thing", ("rule", 7, "ports"), True),
        ("one_thing", ("step",), False),
        ("one_thing", ("step", 0, "ports"), True),
        ("one_thing", ("step", 0, "name"), False),
        ("one_thing", ("only", "ports"), True),
        ("one_thing", ("nested", "key", 0, "inner"), True),
        ("one_thing", ("nested", "key", 0, "other"), False),
        ("one_thing", ("nested", "key", 0, "missing", "deeper"), False),
        ("one_thing", ("pair",), False),
        ("one_thing", ("missing",), False),
        ("one_thing", (), False),
        ("one_answer", ("ports",), True),
        ("other_thing", ("zones",), False),
    ],
)
def test_follows_a_path_to_its_kind(type_name: str, path: Path, expected: bool) -> None:
    assert expected is set_test([OneType()])(type_name, path)
