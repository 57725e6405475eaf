"""Schemas, diagnostics and functions as messages of the plugin protocol, version 6."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tf.gen import tfplugin_pb2 as pb

from paritycheck.provider.interface import Attribute, Block, Diagnostic, Function, NestedBlock, Path, Schema

# NOTE: the generated stubs are older than this field of Schema.Attribute; as a field that they do not know it passes through.
# https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin6.9.proto (write_only = 11)
_WRITE_ONLY = b"\x58\x01"


def schema_message(schema: Schema) -> pb.Schema:
    """Return a schema's message."""
    return pb.Schema(version=schema.version, block=_block(schema.block))


def diagnostic_message(diagnostic: Diagnostic, block: Block | None = None) -> pb.Diagnostic:
    """Return a diagnostic's message; `block` is the schema that its path goes through."""
    severity = pb.Diagnostic.WARNING if diagnostic.warning else pb.Diagnostic.ERROR
    attribute = path_message(diagnostic.path, block) if diagnostic.path and block is not None else None
    return pb.Diagnostic(severity=severity, summary=diagnostic.summary, detail=diagnostic.detail, attribute=attribute)


def path_message(path: Path, block: Block) -> pb.AttributePath:
    """Return a path's message: as far as it can be told, which is not into a set."""
    return pb.AttributePath(steps=list(_steps(path, block)))


def _steps(path: Path, block: Block) -> Iterator[pb.AttributePath.Step]:
    """Yield a path's steps: a block's parts are attributes to the protocol, a collection's are elements by key."""
    kind: Any = block.type
    for step in path:
        match kind, step:
            case ["object", dict() as attributes], str() if step in attributes:
                yield pb.AttributePath.Step(attribute_name=step)
                kind = attributes[step]
            case ["map", inner], str():
                yield pb.AttributePath.Step(element_key_string=step)
                kind = inner
            case ["list", inner], int():
                yield pb.AttributePath.Step(element_key_int=step)
                kind = inner
            case _:
                return


def function_message(function: Function) -> pb.Function:
    """Return a function's signature."""
    variadic = None if function.variadic is None else _parameter(*function.variadic)
    return pb.Function(
        parameters=[_parameter(name, cty) for name, cty in function.parameters],
        variadic_parameter=variadic,
        **{"return": pb.Function.Return(type=_type(function.result))},
    )


def _block(block: Block) -> pb.Schema.Block:
    return pb.Schema.Block(
        attributes=[_attribute(name, attribute) for name, attribute in block.attributes.items()],
        block_types=[_nested_block(name, nested) for name, nested in block.blocks.items()],
    )


def _attribute(name: str, attribute: Attribute) -> pb.Schema.Attribute:
    message = pb.Schema.Attribute(
        name=name,
        required=attribute.required,
        optional=attribute.optional,
        computed=attribute.computed,
        sensitive=attribute.sensitive,
        deprecated=attribute.deprecated,
    )
    if attribute.nested is None:
        message.type = _type(attribute.type)
    else:
        message.nested_type.CopyFrom(_nested_object(attribute.nested))
    if attribute.write_only:
        message.MergeFromString(_WRITE_ONLY)
    return message


def _nested_object(nested: NestedBlock) -> pb.Schema.Object:
    nesting = pb.Schema.Object.NestingMode.Value(nested.nesting.upper())
    return pb.Schema.Object(nesting=nesting, attributes=[_attribute(*item) for item in nested.block.attributes.items()])


def _nested_block(name: str, nested: NestedBlock) -> pb.Schema.NestedBlock:
    nesting = pb.Schema.NestedBlock.NestingMode.Value(nested.nesting.upper())
    return pb.Schema.NestedBlock(
        type_name=name, block=_block(nested.block), nesting=nesting, min_items=nested.min_items, max_items=nested.max_items
    )


def _parameter(name: str, cty: Any) -> pb.Function.Parameter:
    return pb.Function.Parameter(name=name, type=_type(cty))


def _type(cty: Any) -> bytes:
    return json.dumps(cty, separators=(",", ":")).encode()
