"""Messages of the plugin protocol."""

from typing import Any

import pytest
from tf.gen import tfplugin_pb2 as pb

from paritycheck.provider.interface import Attribute, Block, Diagnostic, Function, NestedBlock, Path, Schema
from paritycheck.provider.plugin.protocol import diagnostic_message, function_message, path_message, schema_message

RULE = Block({"port": Attribute("number", required=True), "labels": Attribute(["map", "string"], optional=True)})
BLOCK = Block(
    {"ids": Attribute(["list", "string"], optional=True), "secret": Attribute("string", sensitive=True, write_only=True, deprecated=True)},
    {kind: NestedBlock(kind, RULE, 1, 2) for kind in ("list", "set", "map", "single", "group")}
    | {
        "nested": NestedBlock("list", Block({"parts": Attribute(["map", ["object", {"port": "number"}]], nested=NestedBlock("map", RULE))}))
    },
)


def steps(path: Path) -> list[Any]:
    return [getattr(step, step.WhichOneof("selector")) for step in path_message(path, BLOCK).steps]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("ids", 1), ["ids", 1]),
        (("list", 0, "port"), ["list", 0, "port"]),
        (("list", 0, "labels", "a"), ["list", 0, "labels", "a"]),
        (("map", "key", "port"), ["map", "key", "port"]),
        (("single", "port"), ["single", "port"]),
        (("set", 0, "port"), ["set"]),
        (("ids", "x"), ["ids"]),
        (("unknown",), []),
        ((), []),
    ],
)
def test_a_path_is_told_as_far_as_it_can_be(path: Path, expected: list[Any]) -> None:
    """An element of a set has no place that could be told."""
    assert expected == steps(path)


def test_map_keys_are_no_attributes() -> None:
    """Terraform tells them apart."""
    kinds = [step.WhichOneof("selector") for step in path_message(("map", "key", "labels", "a"), BLOCK).steps]

    assert ["attribute_name", "element_key_string", "attribute_name", "element_key_string"] == kinds


def test_a_schema_is_described_with_every_flag() -> None:
    """A write-only attribute too, which the stubs do not know."""
    block = schema_message(Schema(BLOCK, 3)).block

    secret = next(attribute for attribute in block.attributes if attribute.name == "secret")
    assert (b'"string"', True, True, True) == (
        secret.type,
        secret.sensitive,
        secret.deprecated,
        secret.SerializeToString().endswith(b"\x58\x01"),
    )
    nestings = {each.type_name: pb.Schema.NestedBlock.NestingMode.Name(each.nesting) for each in block.block_types}
    assert {"list": "LIST", "set": "SET", "map": "MAP", "single": "SINGLE", "group": "GROUP", "nested": "LIST"} == nestings


def test_a_nested_attribute_is_described_by_its_objects() -> None:
    """Instead of by a type."""
    (nested,) = [each for each in schema_message(Schema(BLOCK)).block.block_types if each.type_name == "nested"]

    (parts,) = nested.block.attributes
    assert (b"", pb.Schema.Object.NestingMode.MAP, ["port", "labels"]) == (
        parts.type,
        parts.nested_type.nesting,
        [attribute.name for attribute in parts.nested_type.attributes],
    )


def test_a_diagnostic_may_warn_and_may_have_no_place() -> None:
    """A path needs a schema to be told by."""
    message = diagnostic_message(Diagnostic("s", "d", ("ids",), warning=True))

    assert (pb.Diagnostic.WARNING, "s", "d", False) == (message.severity, message.summary, message.detail, message.HasField("attribute"))


def test_a_function_s_signature_is_described() -> None:
    """With the parameter that takes the rest."""
    message = function_message(Function([("a", "string")], ["list", "string"], list, variadic=("b", "number")))

    assert (["a"], "b", b'["list","string"]') == (
        [each.name for each in message.parameters],
        message.variadic_parameter.name,
        getattr(message, "return").type,
    )
