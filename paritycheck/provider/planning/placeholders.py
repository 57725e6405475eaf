"""Known values for data sources that only the real provider could read: of the right type, and the same every time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from paritycheck.provider.interface import Attribute, Block, Diagnostic, Dynamic, NestedBlock, Object, Refused, Value
from paritycheck.provider.values.state import fit

ITEMS = 3
"""Items of a list of texts, enough for one in each availability zone."""


LISTED = re.compile(r"-[0-9a-f]{17}([1-9])$")
"""An id of a list of placeholders, which is one digit longer than any real one, and that digit."""

_SHAPES = (
    (r"arn$", "{arn}:{kind}/{digits}{item}"),
    (r"^id$", "{kind}-{digits}{item}"),
    (r"_id$", "{stem}-{digits}{item}"),
    (r"(^|_)(json|policy)$|^result$", "{{}}"),
    (r"ipv6_cidr(_block)?$", "2001:db8:{number}::/56"),
    (r"(^|_)cidr(_block)?$", "10.{number}.0.0/16"),
    (r"(^|_)ip(_address)?$", "10.0.0.1{number}"),
    (r"^data$|_base64$", "cGxhY2Vob2xkZXI="),
    (r"_(at|date|time)$", "2024-01-01T00:00:00Z"),
    (r"^(url|issuer)$", "https://{kind}.example.com/id/{digits}{item}"),
    (r"", "{kind}-{name}{item}"),
)
"""What texts look like, by how their attribute's name ends: so that functions such as `cidrsubnet` can read them.

In a list, `item` and `number` count from 1; else, `item` is empty and `number` is 0.
"""


def fill_placeholders(type_name: str, block: Block, config: Object, arn_prefix: str = "arn:aws") -> Object:
    """Return a data source's object: what is configured, and placeholders for what is computed."""
    return _Filler(type_name, arn_prefix).fill(block, config)


def override(block: Block, value: Object, answers: Mapping[str, Any]) -> Object:
    """Return a data source's object with a user's own answers in it; refuse those that the schema has no place for."""
    cty = block.type[1]
    fitted = {name: fit(answer, cty[name]) for name, answer in answers.items() if name in cty}
    for name, answer in answers.items():
        if name not in cty:
            raise Refused(Diagnostic(f"data_sources answers an attribute that does not exist: {name}"))
        if not _fits(answer, fitted[name]):
            raise Refused(Diagnostic(f"data_sources answers {name} with a value of another type", f"Its type is {json.dumps(cty[name])}."))
    return value | fitted


def _fits(answer: Any, fitted: Value) -> bool:
    """Tell whether nothing was lost when an answer became a value."""
    match answer, fitted:
        case None, _:
            return True
        case list(), list():
            return all(map(_fits, answer, fitted))
        case [only], dict():  # a block that is a list of one
            return _fits(only, fitted)
        case dict(), dict():
            return all(name in fitted and _fits(part, fitted[name]) for name, part in answer.items())
        case list() | dict(), _:
            return isinstance(fitted, Dynamic)
    return fitted is not None and not isinstance(fitted, list)


class _Filler:
    def __init__(self, type_name: str, arn_prefix: str) -> None:
        self._type = type_name
        self._arn_prefix = arn_prefix

    def fill(self, block: Block, config: Object) -> Object:
        attributes = {name: self._attribute(name, attribute, config.get(name)) for name, attribute in block.attributes.items()}
        return attributes | {name: self._nested(nested, config.get(name)) for name, nested in block.blocks.items()}

    def _attribute(self, name: str, attribute: Attribute, configured: Value) -> Value:
        if configured is not None or not attribute.computed:
            return configured
        return self._value(name, attribute.type)

    def _nested(self, nested: NestedBlock, configured: Value) -> Value:
        if isinstance(configured, list):
            return [self.fill(nested.block, item) if isinstance(item, dict) else item for item in configured]
        return self.fill(nested.block, configured) if isinstance(configured, dict) and nested.nesting != "map" else configured

    def _value(self, name: str, cty: Any) -> Value:
        if isinstance(cty, str):
            leaves: dict[str, Value] = {"number": 1, "bool": False, "dynamic": Dynamic("string", self._text(name))}
            return leaves.get(cty, self._text(name))
        match cty:
            case ["list" | "set", "string"]:
                return [self._text(_singular(name), item) for item in range(1, ITEMS + 1)]
            case ["list" | "set", inner]:
                return [self._value(name, inner)]
            case ["object", attributes]:
                return {key: self._value(key, inner) for key, inner in attributes.items()}
            case ["tuple", items]:
                return [self._value(name, inner) for inner in items]
        return {}

    def _text(self, name: str, item: int | None = None) -> str:
        shape = next(shape for pattern, shape in _SHAPES if re.search(pattern, name))
        return shape.format(
            arn=self._arn_prefix,
            digits=hashlib.sha256(f"{self._type}.{name}".encode()).hexdigest()[:17],
            item=item or "",
            kind=self._type.partition("_")[2].replace("_", "-"),
            name=name.replace("_", "-"),
            number=item or 0,
            stem=name.removesuffix("_id").replace("_", "-"),
        )


def _singular(name: str) -> str:
    return re.sub("(?<=address)es$|s$", "", name)
