"""Policy documents whose data source waits for apply: its statements are in the plan, but for what is unknown in them.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from paritycheck.findings import Special
from paritycheck.plan import Resource
from paritycheck.source import HOLE

if TYPE_CHECKING:
    from paritycheck.policy.privilege.stack import Stack

UNKNOWN = Special.UNKNOWN
_LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
_PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}


def render_document(stack: Stack, resource: Resource) -> Any:
    """Return the policy that an `aws_iam_policy_document` makes, as JSON data with `UNKNOWN` for what cannot be told."""
    own = stack.value(resource, "statement")
    if own is not None and not isinstance(own, list):
        return UNKNOWN
    statements = [_render(_complete(stack, resource, each)) if isinstance(each, Mapping) else UNKNOWN for each in own or ()]
    before = list(_included(stack.value(resource, "source_policy_documents")))
    after = list(_included(stack.value(resource, "override_policy_documents")))
    version = stack.value(resource, "version") or "2012-10-17"
    return {"Version": version, "Statement": _override(_override(before, statements), after)}


def _included(documents: Any) -> Iterator[Any]:
    """Yield the statements of other documents."""
    for document in documents if isinstance(documents, list) else [documents] if documents else []:
        try:
            data = json.loads(document) if isinstance(document, str) else document
        except (ValueError, RecursionError):
            data = UNKNOWN
        statements = data.get("Statement") if isinstance(data, Mapping) else UNKNOWN
        yield from statements if isinstance(statements, list) else [statements]


def _override(statements: list[Any], later: list[Any]) -> list[Any]:
    """Put statements in the place of those of the same Sid, or at the end."""
    result = list(statements)
    for statement in later:
        sid = statement.get("Sid") if isinstance(statement, Mapping) else None
        places = [number for number, each in enumerate(result) if sid and isinstance(each, Mapping) and each.get("Sid") == sid]
        if places:
            result[places[0]] = statement
        else:
            result.append(statement)
    return result


def _complete(stack: Stack, resource: Resource, statement: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take what the plan does not tell of a statement from the one entry of this name in the configuration that agrees with it."""
    sid = statement.get("sid")
    unknown = [name for name in _LISTS if _has_unknown(statement.get(name))]
    if not unknown or not isinstance(sid, str) or stack.sources is None or stack.is_sensitive(resource):
        return statement
    known = {name: statement[name] for name in _LISTS if name not in unknown and statement.get(name)}
    found = [
        entry
        for _, entry in stack.sources.entries(resource.address, sid, stack.lookup(resource))
        if isinstance(entry, dict) and all(_same(entry.get(name), value) for name, value in known.items())
    ]
    if not found or any(entry != found[0] for entry in found):
        return statement
    told = {name: found[0].get(name, statement[name]) for name in unknown}
    return {**statement, **{name: value if _is_whole(value) else statement[name] for name, value in told.items()}}


def _has_unknown(value: Any) -> bool:
    return value is UNKNOWN or (isinstance(value, list) and UNKNOWN in value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and HOLE not in each for each in value)


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, list) and isinstance(other, list) and sorted(map(str, one)) == sorted(map(str, other))


def _render(statement: Mapping[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {"Effect": statement.get("effect") or "Allow"}
    if statement.get("sid"):
        document["Sid"] = statement["sid"]
    document |= {written: statement[name] for name, written in _LISTS.items() if statement.get(name)}
    for name, written in _PRINCIPALS.items():
        if principals := _principals(statement.get(name)):
            document[written] = principals
    if conditions := _conditions(statement.get("condition")):
        document["Condition"] = conditions
    return document


def _principals(blocks: Any) -> Any:
    if blocks is UNKNOWN:
        return UNKNOWN
    found: dict[str, list[Any]] = {}
    for block in _blocks(blocks):
        kind = block.get("type", UNKNOWN)
        if not isinstance(kind, str):
            return UNKNOWN
        found.setdefault(kind, []).extend(_listed(block.get("identifiers")))
    return "*" if set(found) == {"*"} else found


def _conditions(blocks: Any) -> Any:
    if blocks is UNKNOWN:
        return UNKNOWN
    found: dict[str, dict[str, list[Any]]] = {}
    for block in _blocks(blocks):
        test, variable = block.get("test", UNKNOWN), block.get("variable", UNKNOWN)
        if not isinstance(test, str) or not isinstance(variable, str):
            return UNKNOWN
        found.setdefault(test, {}).setdefault(variable, []).extend(_listed(block.get("values")))
    return found


def _blocks(value: Any) -> list[Mapping[str, Any]]:
    return [block for block in value if isinstance(block, Mapping)] if isinstance(value, list) else []


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
