"""Configurations to ask a provider about: plausible values for a schema's attributes, blocks present or absent.

Schemas are the protocol's own messages; paths are dotted names without indexes (``origin.custom_header.name``), as in
the facts files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools.oracle import NESTING, cty, wrap

ARN = "arn:aws:iam::123456789012:role/example"
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
SHAPES = {
    "arn": ARN,
    "cidr": "10.0.0.0/16",
    "iam_policy_json": POLICY,
    "json": POLICY,
    "rfc3339": "2030-01-01T00:00:00Z",
}
"""A value for each shape that a fact can name (its key ``is``)."""
ENDINGS = {
    "arn": ARN,
    "arns": ARN,
    "policy": POLICY,
    "policy_document": POLICY,
    "cidr_block": "10.0.0.0/16",
    "cidr": "10.0.0.0/16",
    "account_id": "123456789012",
    "availability_zone": "us-east-1a",
    "region": "us-west-2",
    "region_name": "us-east-1",
    "email": "someone@example.com",
    "url": "https://example.com",
    "endpoint": "https://example.com",
    "json": '{"a":"b"}',
}
"""A value for an attribute whose name ends so."""

SEEDS: dict[str, dict[str, Any]] = {
    "aws_dynamodb_table": {
        "attribute": [{"name": "id", "type": "S"}],
        "billing_mode": "PAY_PER_REQUEST",
        "hash_key": "id",
    },
    "aws_kinesis_stream": {"shard_count": 1},
    "aws_lambda_function": {"handler": "example.handler", "runtime": "python3.12"},
    "aws_alb_target_group": {"port": 80, "protocol": "HTTP", "vpc_id": "vpc-12345678"},
    "aws_lb_target_group": {"port": 80, "protocol": "HTTP", "vpc_id": "vpc-12345678"},
    "aws_api_gateway_authorizer": {"authorizer_uri": "arn:aws:apigateway:us-east-1:lambda:path/example"},
    "aws_kinesis_firehose_delivery_stream": {"destination": "http_endpoint"},
    "aws_lightsail_instance": {"availability_zone": "us-east-1a"},
    "aws_workspaces_directory": {"directory_id": "d-1234567890"},
}
"""Arguments without which a type's own checks refuse every plan."""

Rules = Mapping[str, Mapping[str, Any]]
"""Facts by dotted path."""


def spread(kind: Any, leaf: Callable[[str, str], Any], path: str = "") -> Any:
    """Return a value of a cty type, with one element in each collection; `leaf` gives those of simple types, by path."""
    match kind:
        case ["list" | "set", element]:
            return [spread(element, leaf, path)]
        case ["map", element]:
            return {"key": spread(element, leaf, path)}
        case ["object", members]:
            return {name: spread(member, leaf, f"{path}.{name}") for name, member in members.items()}
    return leaf(kind, path)


@dataclass(frozen=True, slots=True)
class Values:
    """Makes values that a provider may accept; `other` makes different ones."""

    rules: Rules
    other: bool = False

    def make(self, path: str, kind: Any) -> Any:
        """Return a value of a cty type for the attribute at `path`."""
        return spread(kind, self.leaf, path)

    def leaf(self, kind: str, path: str) -> Any:
        """Return a value of a simple type."""
        match kind:
            case "string":
                return self.text(path)
            case "number":
                return self.number(path)
            case "bool":
                return not self.other
        return None

    def text(self, path: str) -> str:
        """Return a string that fits what is known of the attribute, or looks like its name."""
        rule = self.rules.get(path, {})
        if choices := rule.get("one_of"):
            return str(choices[-1 if self.other else 0])
        if rule.get("is") in SHAPES:
            return self.vary(SHAPES[rule["is"]])
        name = path.rpartition(".")[2]
        known = next((value for ending, value in ENDINGS.items() if name == ending or name.endswith(f"_{ending}")), "example")
        low, high = rule.get("length", (0, None))
        return self.vary(known).ljust(low or 0, "a")[: high or None]

    def vary(self, value: str) -> str:
        """Return the value, or one like it where another is wanted."""
        return (
            value.replace("example", "sample").replace("10.0", "10.1").replace("GetObject", "PutObject").replace('"b"', '"c"')
            if self.other
            else value
        )

    def number(self, path: str) -> Any:
        """Return a number within the attribute's range."""
        rule = self.rules.get(path, {})
        if choices := rule.get("one_of"):
            return choices[-1 if self.other else 0]
        low, high = rule.get("between", (None, None))
        if self.other:
            return high if high is not None else (low or 1) + 1
        return low if low is not None else min(1, high if high is not None else 1)


Choose = Callable[[Any, str], Any]
"""Gives the value of an attribute at a path."""

Present = Callable[[Any, str], bool]
"""Says whether a nested block at a path is written."""


def build(block: Any, choose: Choose, present: Present, prefix: str = "") -> dict[str, Any]:
    """Return the value of a block with the attributes and nested blocks that the two functions ask for."""
    value = {attribute.name: choose(attribute, prefix + attribute.name) for attribute in block.attributes}
    for nested in block.block_types:
        path = prefix + nested.type_name
        content = build(nested.block, choose, present, f"{path}.") if present(nested, path) else None
        value[nested.type_name] = wrap(nested, content)
    return value


def minimal(values: Values, chain: str = "") -> tuple[Choose, Present]:
    """Return how to build the least configuration: what is required, and the blocks on the way to `chain`."""

    def choose(attribute: Any, path: str) -> Any:
        return values.make(path, cty(attribute)) if attribute.required else None

    def present(nested: Any, path: str) -> bool:
        return nested.min_items > 0 or f"{chain}.".startswith(f"{path}.")

    return choose, present


def bare(chain: str) -> tuple[Choose, Present]:
    """Return how to build a configuration that holds nothing but the empty blocks on the way to `chain`."""
    return lambda _attribute, _path: None, lambda _nested, path: f"{chain}.".startswith(f"{path}.")


def filled(values: Values, chain: str) -> tuple[Choose, Present]:
    """Return how to build a configuration with every attribute of the block `chain` (empty: the resource itself) set."""
    required, present = minimal(values, chain)

    def choose(attribute: Any, path: str) -> Any:
        settable = (attribute.optional or attribute.required) and path != "id"
        return values.make(path, cty(attribute)) if settable and path.rpartition(".")[0] == chain else required(attribute, path)

    return choose, present


def block_paths(block: Any, depth: int, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each nested block's dotted path and schema, the outer ones first, down to a depth."""
    for nested in block.block_types if depth else ():
        path = prefix + nested.type_name
        yield path, nested
        yield from block_paths(nested.block, depth - 1, f"{path}.")


def leaf(kind: str, text: str, number: int) -> Any:
    """Return the value of a simple type."""
    return {"string": text, "number": number, "bool": True}.get(kind)


def only(value: Any) -> dict[str, Any] | None:
    """Return the single object of a nested block's value, or ``None`` where there is no such."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if isinstance(value, dict) and set(value) == {"a"}:
        value = value["a"]
    return value if isinstance(value, dict) else None


def build_block(nested: Any, values: Values) -> Any:
    """Return a nested block's value with all its required attributes."""
    content = build(nested.block, *minimal(values), f"{nested.type_name}.")
    return content if NESTING[nested.nesting] in {"single", "group"} else [content] if NESTING[nested.nesting] != "map" else {"a": content}
