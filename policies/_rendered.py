"""Policy documents of data sources that Terraform reads only at apply: what is known of them before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from _planned import Planned
from paritycheck_checks import is_unknown, references
from paritycheck_checks.iam import UNKNOWN, Policy, PolicyError, parse_policy

_OVERRIDES = ("override_json", "override_policy_documents", "source_json")
_NAMES = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
_PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}


def read_ahead(value: Any, planned: Planned) -> Policy | None:
    """Return the policy behind an attribute that is known only after apply, if a single data source gives it.

    What is unknown of the data source is unknown of the policy, and no more. Return `None` where something else is behind the
    attribute, and for what would be no policy.
    """
    behind = {name for name in references(value) if not name.startswith("each.")}
    sources = [source for source in planned.used("data.aws_iam_policy_document") if source.block in behind]
    if len(sources) != 1 or not all(name.startswith(sources[0].block) for name in behind):
        return None
    if any(value not in (None, []) for path in _OVERRIDES for value in sources[0].values(path)):
        return None
    try:
        return parse_policy({"Version": "2012-10-17", "Statement": list(_statements(sources[0]))})
    except PolicyError:
        return None


def _statements(source: Planned) -> Iterator[Any]:
    """Yield the source's own statements, and those of other documents, which one of its own with the same name replaces."""
    own = [_statement(block) for block in source.values("statement") if block is not None]
    taken = {statement["Sid"] for statement in own if isinstance(statement, dict)} - {"", UNKNOWN}
    for text in _items(source.value("source_policy_documents")):
        for statement in _decode(text) if isinstance(text, str) else [UNKNOWN]:
            if not isinstance(statement, dict) or str(statement.get("Sid")) not in taken:
                yield statement
    yield from own


def _statement(block: Any) -> Any:
    if is_unknown(block) or not isinstance(block, dict):
        return UNKNOWN
    written: dict[str, Any] = {"Sid": _text(_first(block, "sid") or ""), "Effect": _text(_first(block, "effect") or "Allow")}
    written |= {name: _items(_first(block, path)) for path, name in _NAMES.items() if _first(block, path) is not None}
    written |= {name: _principals(_blocks(block, path)) for path, name in _PRINCIPALS.items() if _blocks(block, path)}
    conditions: dict[str, dict[str, Any]] = {}
    for condition in _blocks(block, "condition"):
        if is_unknown(condition) or is_unknown(_first(condition, "test")) or is_unknown(_first(condition, "variable")):
            return {**written, "Condition": UNKNOWN}
        conditions.setdefault(str(_first(condition, "test")), {})[str(_first(condition, "variable"))] = _items(_first(condition, "values"))
    return {**written, "Condition": conditions}


def _principals(blocks: list[Any]) -> Any:
    named: dict[str, list[Any]] = {}
    for block in blocks:
        if is_unknown(block) or is_unknown(_first(block, "type")):
            return UNKNOWN
        named.setdefault(str(_first(block, "type")), []).extend(_items(_first(block, "identifiers")))
    return "*" if "*" in named else named


def _blocks(block: Any, name: str) -> list[Any]:
    """Return the nested blocks of a name; where there are none, checkov has an empty list in the list."""
    return [each for each in _listed(block, name) if each != []]


def _first(block: Any, name: str) -> Any:
    return next(iter(_listed(block, name)), None)


def _listed(block: Any, name: str) -> list[Any]:
    values = block.get(name) if isinstance(block, dict) else None
    return values if isinstance(values, list) else []


def _items(values: Any) -> list[Any]:
    """Return texts, with `UNKNOWN` for those that are known only after apply."""
    listed = values if isinstance(values, list) else [] if values is None else [values]
    return [_text(each) for each in listed]


def _text(value: Any) -> Any:
    return UNKNOWN if is_unknown(value) else str(value)


@cache
def _decode(text: str) -> list[Any]:
    """Return the statements of another document; it has been rendered by a data source, or is refused with the whole."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return [text]
    statements = document.get("Statement") if isinstance(document, dict) else document
    return statements if isinstance(statements, list) else [statements]
