"""What single resource types refuse, beyond what facts can say. An unknown value is never refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from paritycheck.provider.interface import UNKNOWN, Diagnostic, Object, Value

Refusal = Callable[[Object], Iterator[Diagnostic]]
"""Yields what is wrong with a resource's configuration."""


def refuse_table(config: Object) -> Iterator[Diagnostic]:
    """Refuse a table whose keys are not all described as attributes, or that describes other ones."""
    described, keys = _names(config, "attribute", "name"), _names({"table": [config]}, "table", "hash_key", "range_key")
    for index in ("local_secondary_index", "global_secondary_index"):
        keys |= _names(config, index, "hash_key", "range_key")
    if UNKNOWN in described | keys or config["restore_source_name"] or config["restore_source_table_arn"]:
        return
    if missing := keys - described:
        yield Diagnostic("all indexes must match a defined attribute", f"Not described: {_list(missing)}.")
    if unused := described - keys:
        yield Diagnostic("all attributes must be indexed", f"In no key: {_list(unused)}.", ("attribute",))


def refuse_queue(config: Object) -> Iterator[Diagnostic]:
    """Refuse a queue's name that does not fit its kind."""
    yield from _check_name(config, fifo="fifo_queue", length=80)


def refuse_topic(config: Object) -> Iterator[Diagnostic]:
    """Refuse a topic's name that does not fit its kind."""
    yield from _check_name(config, fifo="fifo_topic", length=256)


def _check_name(config: Object, *, fifo: str, length: int) -> Iterator[Diagnostic]:
    name, is_fifo = config["name"], config[fifo]
    if not isinstance(name, str) or not name or is_fifo is UNKNOWN:
        return
    pattern = rf"[0-9A-Za-z_-]{{1,{length - 5}}}\.fifo" if is_fifo else rf"[0-9A-Za-z_-]{{1,{length}}}"
    if not re.fullmatch(pattern, name):
        yield Diagnostic("invalid name", f"The name must match ^{pattern}$ where {fifo} is {'' if is_fifo else 'not '}true.", ("name",))


def _names(config: Object, blocks: str, *attributes: str) -> set[Value]:
    """Return the values of some attributes of all blocks of a kind; `UNKNOWN` among them where one is not known."""
    found = config[blocks]
    if found is UNKNOWN:
        return {UNKNOWN}
    values = (block if block is UNKNOWN else block.get(name) for block in found or [] for name in attributes)
    return {value for value in values if value is not None}


def _list(names: set[Value]) -> str:
    return ", ".join(sorted(names))


REFUSALS: Mapping[str, Refusal] = {
    "aws_dynamodb_table": refuse_table,
    "aws_sns_topic": refuse_topic,
    "aws_sqs_queue": refuse_queue,
}
"""Refusals by resource type."""
