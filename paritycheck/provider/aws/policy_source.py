"""Policy documents given as JSON text: read as AWS provider 5.100 reads its source and override documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

Statement = dict[str, Any]
"""A statement as it is written: JSON keys in their canonical order."""

DOCUMENT_KEYS = ("Version", "Id", "Statement")
STATEMENT_KEYS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition")


class PolicyError(ValueError):
    """Something wrong in a policy document, in words for the user."""


def parse_policy(text: str) -> dict[str, Any]:
    """Return the document in ``text`` with its known keys, statements in canonical form; raise `PolicyError`."""
    try:
        content = json.loads(text, parse_constant=_refuse_constant, parse_float=_parse_number, parse_int=_parse_number)
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"It is not JSON: {str(error) or 'nested too deeply'}.") from error
    document = _known({} if content is None else content, DOCUMENT_KEYS, "The document")
    statements = document.get("Statement") or []
    if not isinstance(statements, list):
        raise PolicyError("Statement must be a list of objects.")
    return {**document, "Statement": [_parse_statement(statement) for statement in statements]}


def _parse_statement(content: Any) -> Statement:
    found = _known(content, STATEMENT_KEYS, "A statement")
    parsed = {key: _PARSERS.get(key, _keep)(found[key]) for key in STATEMENT_KEYS if key in found}
    return {key: value for key, value in parsed.items() if value or (value is not None and key not in _OMITTED_IF_EMPTY)}


def _known(content: Any, keys: tuple[str, ...], what: str) -> dict[str, Any]:
    """Return the keys that a policy has; as the provider does, take them in any case and drop all others."""
    if not isinstance(content, Mapping):
        raise PolicyError(f"{what} must be an object.")
    names = {key.casefold(): key for key in keys}
    found: dict[str, Any] = {}
    for written, value in content.items():
        key = names.get(written.casefold())
        if key in _TEXTS and not isinstance(value, str | None):
            raise PolicyError(f"{key} must be a string.")
        if key is not None and not (key in _TEXTS and value is None):
            found[key] = value
    return found


def _parse_principals(value: Any) -> Any:
    if isinstance(value, str):
        return "*"
    if not isinstance(value, Mapping):
        raise PolicyError("A principal must be a string or an object.")
    if value in ({"*": "*"}, {"*": ["*"]}):
        return "*"
    return {kind: _parse_identifiers(identifiers) for kind, identifiers in sorted(value.items())}


def _parse_identifiers(value: Any) -> list[str] | str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return sorted(value, reverse=True)
    raise PolicyError("A principal's identifiers must be a string or a list of strings.")


def _parse_conditions(value: Any) -> Any:
    value = {} if value is None else value
    if not isinstance(value, Mapping) or not all(isinstance(variables, Mapping | None) for variables in value.values()):
        raise PolicyError("A condition must be an object of objects.")
    parsed = {
        test: {name: _parse_values(values) for name, values in sorted(variables.items()) if isinstance(values, str | bool | list)}
        for test, variables in sorted(value.items())
        if variables
    }
    return {test: variables for test, variables in parsed.items() if variables}


def _parse_values(value: str | bool | list[Any]) -> list[str] | str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if not all(isinstance(item, str) for item in value):
        raise PolicyError("A condition's values must be strings.")
    return value[0] if len(value) == 1 else value


def _keep(value: Any) -> Any:
    """Return an action or resource as it is, objects in the order of their keys."""
    if isinstance(value, Mapping):
        return {key: _keep(item) for key, item in sorted(value.items())}
    return [_keep(item) for item in value] if isinstance(value, list) else value


def _parse_number(text: str) -> float | int:
    """Read a number as the provider does: a float that is written without a fraction where it has none."""
    number = float(text)
    if not isfinite(number):
        raise PolicyError("a number is too large")
    return int(number) if number.is_integer() and abs(number) < 1e21 else number


def _refuse_constant(text: str) -> float:
    raise PolicyError(f"{text} is not a JSON value")


_TEXTS = frozenset({"Version", "Id", "Sid", "Effect"})
_OMITTED_IF_EMPTY = frozenset({"Sid", "Effect", "Principal", "NotPrincipal", "Condition"})
_PARSERS: Mapping[str, Callable[[Any], Any]] = {
    "Principal": _parse_principals,
    "NotPrincipal": _parse_principals,
    "Condition": _parse_conditions,
}
