"""Policy documents, as text or as decoded values, into `Policy`; whatever is wrong with them is one clear error.

A value that is known only after apply is `Special.UNKNOWN`, at any place: the statement then says which part of it is unknown.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from reprlib import Repr
from typing import Any, NoReturn

from paritycheck.findings import Special
from paritycheck.policy.iam.conditions import OPERATORS, QUANTIFIERS
from paritycheck.policy.iam.statements import Condition, Effect, Names, Policy, Principal, Principals, Statement

UNKNOWN = Special.UNKNOWN
"""What stands for a value that is known only after apply."""

MAX_CHARACTERS = 2**20
"""A policy longer than this is refused; AWS's longest, OpenSearch's, may have a tenth of it."""

_KEYS = {"Version", "Id", "Statement"}
_STATEMENT_KEYS = {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
_VERSIONS = {"2012-10-17": True, "2008-10-17": False}
"""The versions there are, and whether they know policy variables."""
_KINDS = {"AWS", "Service", "Federated", "CanonicalUser"}
_ACTION = re.compile(r"\*|[a-zA-Z0-9*?-]+:[a-zA-Z0-9*?_-]+")
_ACCOUNT = re.compile(r"arn:[^:]*:iam::(\d{12}):root")


class PolicyError(ValueError):
    """A policy document that AWS would refuse, or that is none; whoever reads one makes a finding of it."""

    def __init__(self, message: str, place: str = "") -> None:
        """Say what is wrong, and at which place of the document, such as `Statement[2].Condition`."""
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place


def parse_policy(document: str | Mapping[str, Any] | Special) -> Policy:
    """Read a policy; raise `PolicyError` for what is wrong with it."""
    if document is UNKNOWN:
        return Policy(unknown=True)
    data = _decode(document) if isinstance(document, str) else document
    if not isinstance(data, Mapping):
        _refuse(f"a policy is a JSON object, not {_show(data)}")
    _check_keys(data, _KEYS, "")
    version = data.get("Version", "2008-10-17")
    if "Statement" not in data:
        _refuse("a policy has a Statement")
    raw = data["Statement"]
    if UNKNOWN in (raw, version):
        return Policy(unknown=True)
    if not isinstance(version, str) or version not in _VERSIONS:
        _refuse(f"{_show(version)} is no version of the policy language", "Version")
    variables = _VERSIONS[version]
    items = [(f"Statement[{number}]", item) for number, item in enumerate(raw)] if isinstance(raw, list | tuple) else [("Statement", raw)]
    statements = tuple(_read_statement(item, place, variables=variables) for place, item in items if item is not UNKNOWN)
    _check_sids(statements)
    return Policy(statements, unknown=any(item is UNKNOWN for _, item in items))


def _decode(text: str) -> Any:
    if len(text) > MAX_CHARACTERS:
        _refuse(f"it is {len(text):,} characters long, and AWS takes no policy of more than {MAX_CHARACTERS:,}")
    try:
        data = json.loads(text, object_pairs_hook=_read_object, parse_constant=_refuse_constant)
        if "\\u" in text:
            _refuse_halves(data)
    except RecursionError as error:
        raise PolicyError("it is nested too deeply for a policy") from error
    except ValueError as error:
        raise PolicyError(f"it is not JSON: {error}") from error
    return data


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that is there twice: of which only one would count, and nobody sees which."""
    twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if twice:
        raise ValueError(f"the key {_show(twice[0])} is there twice in one object")
    return dict(pairs)


def _refuse_halves(data: Any) -> None:
    """Refuse halves of characters, which are no text that could be shown or sent."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("a character of it is only a half") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _read_statement(raw: Any, place: str, *, variables: bool) -> Statement:
    if not isinstance(raw, Mapping):
        _refuse(f"a statement is a JSON object, not {_show(raw)}", place)
    _check_keys(raw, _STATEMENT_KEYS, place)
    effect, sid = raw.get("Effect"), raw.get("Sid") or ""
    if effect is UNKNOWN:
        _refuse("whether it allows or denies is known only after apply", f"{place}.Effect")
    if effect not in tuple(Effect):
        _refuse(f"Effect is Allow or Deny, not {_show(effect)}", place)
    if sid is not UNKNOWN and not isinstance(sid, str):
        _refuse(f"a Sid is a text, not {_show(sid)}", place)
    actions = _read_names(raw, "Action", place)
    if actions is None:
        _refuse("a statement has an Action or a NotAction", place)
    _check_actions(actions, place)
    conditions = raw.get("Condition") or {}
    return Statement(
        Effect(effect),
        actions,
        _read_names(raw, "Resource", place) or Names(("*",)),
        _read_principals(raw, place),
        tuple(sorted(_read_conditions(conditions, f"{place}.Condition"))) if conditions is not UNKNOWN else (),
        variables=variables,
        unknown=conditions is UNKNOWN or _has_unknown_operands(conditions),
        sid=sid if isinstance(sid, str) else "",
        place=place,
    )


def _read_names(raw: Mapping[str, Any], key: str, place: str) -> Names | None:
    """Read `Action` or `NotAction`, `Resource` or `NotResource`."""
    chosen = _choose(raw, key, place)
    if chosen is None:
        return None
    texts, unknown = _read_texts(raw[chosen], f"{place}.{chosen}")
    if not texts and not unknown:
        _refuse("it is empty", f"{place}.{chosen}")
    return Names(texts, negated=chosen != key, unknown=unknown)


def _choose(raw: Mapping[str, Any], key: str, place: str) -> str | None:
    found = [name for name in (key, f"Not{key}") if name in raw]
    if len(found) > 1:
        _refuse(f"a statement has {key} or Not{key}, not both", place)
    return found[0] if found else None


def _read_texts(value: Any, place: str) -> tuple[tuple[str, ...], bool]:
    """Return the texts of a list, or of a single text, in order and each once, and whether others are unknown."""
    values = _listed(value)
    for each in values:
        if each is not UNKNOWN and not isinstance(each, str):
            _refuse(f"{_show(each)} is no text", place)
    return tuple(sorted({each for each in values if isinstance(each, str)})), any(each is UNKNOWN for each in values)


def _read_principals(raw: Mapping[str, Any], place: str) -> Principals | None:
    chosen = _choose(raw, "Principal", place)
    if chosen is None:
        return None
    value, negated = raw[chosen], chosen != "Principal"
    if value is UNKNOWN:
        return Principals((), negated=negated, unknown=True)
    if value == "*":
        value = {"AWS": "*"}
    if not isinstance(value, Mapping) or not value:
        _refuse(f"a principal is * or a JSON object, not {_show(value)}", f"{place}.{chosen}")
    _check_keys(value, _KINDS, f"{place}.{chosen}")
    read = [(kind, *_read_texts(names, f"{place}.{chosen}.{kind}")) for kind, names in value.items()]
    principals = {Principal(kind, _normalize_principal(name)) for kind, names, _ in read for name in names}
    return Principals(tuple(sorted(principals)), negated=negated, unknown=any(unknown for _, _, unknown in read))


def _normalize_principal(name: str) -> str:
    """Write an account's root user as the account, which it stands for."""
    account = _ACCOUNT.fullmatch(name)
    return account[1] if account else name


def _read_conditions(conditions: Any, place: str) -> Iterator[Condition]:
    for written, operands in _pairs(conditions, place):
        quantifier, _, rest = written.rpartition(":")
        operator = rest.removesuffix("IfExists")
        if quantifier not in QUANTIFIERS or operator not in OPERATORS or (operator == "Null" and rest != operator):
            _refuse(f"{_show(written)} is no operator", place)
        if operands is UNKNOWN:
            continue
        for key, values in _pairs(operands, f"{place}.{written}"):
            texts, unknown = _read_texts(_texts(values), f"{place}.{written}.{key[:80]}")
            yield Condition(operator, key.lower(), texts, quantifier, if_exists=rest != operator, unknown=unknown)


def _has_unknown_operands(conditions: Mapping[str, Any]) -> bool:
    return any(operands is UNKNOWN for operands in conditions.values())


def _texts(values: Any) -> list[Any]:
    """Condition values may be JSON booleans and numbers, and mean their texts."""
    return [_text(value) for value in _listed(values)]


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float | Decimal) else value


def _pairs(value: Any, place: str) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        _refuse(f"it is a JSON object, not {_show(value)}", place)
    return value.items()


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _check_keys(value: Mapping[str, Any], known: set[str], place: str) -> None:
    for key in value:
        if key not in known:
            _refuse(f"{_show(key)} is none of {', '.join(sorted(known))}", place)


def _check_actions(actions: Names, place: str) -> None:
    for action in actions.values:
        if not _ACTION.fullmatch(action):
            _refuse(f"{_show(action)} is no action: they are written service:Action", place)


def _check_sids(statements: Iterable[Statement]) -> None:
    seen: dict[str, str] = {}
    for statement in statements:
        if statement.sid and seen.setdefault(statement.sid, statement.place) != statement.place:
            _refuse(f"{seen[statement.sid]} has the same Sid, {_show(statement.sid)}", statement.place)


_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 60


def _show(value: Any) -> str:
    """Return a value so that it is short, and harmless on a terminal."""
    return _SHORT.repr(value)


def _refuse(message: str, place: str = "") -> NoReturn:
    raise PolicyError(message, place)
