"""IAM policy documents, in the one form in which equal meanings are equal values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html: wherever the grammar takes a list, one string
may stand for a list of one, and the order of lists, statements included, carries no meaning.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

_LISTS = frozenset({"Action", "NotAction", "Resource", "NotResource"})
_PRINCIPALS = frozenset({"Principal", "NotPrincipal"})


def is_policy(value: Any) -> bool:
    """Tell whether a decoded JSON value is an IAM policy document."""
    if not isinstance(value, dict) or "Statement" not in value:
        return False
    statements = _listed(value["Statement"])
    return all(isinstance(item, dict) and "Effect" in item for item in statements)


def canonical_policy(policy: dict[str, Any]) -> dict[str, Any]:
    """Return a policy with a list wherever there may be one; the order of its lists carries no meaning."""
    return {**policy, "Statement": [_statement(item) for item in _listed(policy["Statement"])]}


def _statement(statement: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in statement.items():
        if key in _LISTS:
            result[key] = _listed(value)
        elif key in _PRINCIPALS:
            result[key] = _principal(value)
        elif key == "Condition" and isinstance(value, dict):
            result[key] = {test: _condition(operands) for test, operands in value.items()}
        elif not (key == "Sid" and value == ""):
            result[key] = value
    return result


def _principal(value: Any) -> Any:
    """Everyone is written as `"*"` or as `{"AWS": "*"}`."""
    if isinstance(value, str):
        return {"AWS": [value]}
    return {kind: _listed(names) for kind, names in value.items()} if isinstance(value, dict) else value


def _condition(operands: Any) -> Any:
    if not isinstance(operands, dict):
        return operands
    return {key: [_text(value) for value in _listed(values)] for key, values in operands.items()}


def _text(value: Any) -> Any:
    """Condition values may be written as JSON booleans and numbers, and mean their texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, Decimal) or (isinstance(value, int) and value.bit_length() < 64) else value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
