"""Conditions, decided for a request: they hold, they do not, or what decides is unknown (`None`).

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and, for keys with several
values, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from paritycheck.policy.iam.patterns import Pattern, literal_pattern, strict_arn_pattern, text_pattern
from paritycheck.policy.iam.statements import Condition

Values = Sequence[str] | None
"""What a request's context has of a key: its values, or `None` where they are unknown."""

QUANTIFIERS = frozenset({"", "ForAllValues", "ForAnyValue"})


@dataclass(frozen=True, slots=True)
class Context:
    """What AWS knows of a request."""

    values: Mapping[str, Values] = field(default_factory=dict)
    """By condition key, in any case; a key without any value is one that the request lacks."""
    complete: bool = True
    """Whether a request lacks all other keys, or it is unknown which of them it has."""

    def lookup(self, key: str) -> tuple[bool | None, Values]:
        """Return whether the request has a key, and its values."""
        for name, values in self.values.items():
            if name.lower() == key:
                return values is None or bool(values), values
        return (False if self.complete else None), None


def every(answers: Iterable[bool | None]) -> bool | None:
    """Whether all are so: a single no decides, and then a single unknown."""
    result: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            result = None
    return result


def some(answers: Iterable[bool | None]) -> bool | None:
    """Whether one is so: a single yes decides, and then a single unknown."""
    return negate(every(map(negate, answers)))


def negate(answer: bool | None) -> bool | None:
    """Return the opposite; of what is unknown, too, nothing is known."""
    return None if answer is None else not answer


def holds(condition: Condition, context: Context, *, variables: bool) -> bool | None:
    """Whether a request meets a condition."""
    present, actual = context.lookup(condition.key)
    if condition.operator == "Null":
        return _is_null(condition, present)
    operator = OPERATORS[condition.operator]
    if present is None:
        return None
    if not present:
        return condition.if_exists or condition.quantifier == "ForAllValues" or (operator.negated and not condition.quantifier)
    if actual is None or (not condition.quantifier and len(actual) != 1):
        return None
    wanted = [_read(operator, value, context, variables=variables) for value in condition.values]
    unknown: list[bool | None] = [None] if condition.unknown else []
    met = [_flip(some([*(_compare(operator, each, one) for each in wanted), *unknown]), flip=operator.negated) for one in actual]
    return some(met) if condition.quantifier == "ForAnyValue" else every(met)


def resolve(pattern: Pattern, context: Context) -> Pattern | bool | None:
    """Put a request's values for a pattern's variables; return no pattern but `False` where it lacks one, `None` where unknown."""
    found = {variable: _resolve_variable(variable, context) for variable in pattern.variables}
    if not all(isinstance(value, str) for value in found.values()):
        return every(False if value is False else None for value in found.values() if not isinstance(value, str))
    return pattern.fill(lambda variable: str(found[variable]))


def _resolve_variable(variable: str, context: Context) -> str | bool | None:
    name, comma, default = variable[2:-1].partition(",")
    present, values = context.lookup(name.strip().lower())
    if present is False:
        return default.strip().removeprefix("'").removesuffix("'") if comma else False
    return values[0] if present and values and len(values) == 1 else None


def _is_null(condition: Condition, present: bool | None) -> bool | None:
    wanted = {value.lower() for value in condition.values}
    if wanted >= {"true", "false"}:
        return True
    if present is None or condition.unknown or not wanted <= {"true", "false"}:
        return None
    return present == ("false" in wanted)


def _flip(answer: bool | None, *, flip: bool) -> bool | None:
    return negate(answer) if flip else answer


@dataclass(frozen=True, slots=True)
class Operator:
    """How a condition compares."""

    compare: Callable[[Pattern | str, str], bool | None]
    """Whether a value of the policy, read by `read`, matches one of the request."""
    read: Callable[..., Pattern] | None = None
    """Reads a value of the policy as a pattern; `None` where it is compared as it is written."""
    negated: bool = False
    """Whether the condition holds where nothing matches."""


def _read(operator: Operator, value: str, context: Context, *, variables: bool) -> Pattern | str | bool | None:
    pattern = (operator.read or literal_pattern)(value, variables=variables)
    if variables and pattern.variables:
        resolved = resolve(pattern, context)
        if not isinstance(resolved, Pattern):
            # AWS does not say what a negated comparison with a missing variable is.
            return None if operator.negated else resolved
        pattern = resolved
    return pattern if operator.read else "".join(map(str, pattern.symbols))


def _compare(operator: Operator, wanted: Pattern | str | bool | None, actual: str) -> bool | None:
    if wanted is None or isinstance(wanted, bool):
        return wanted
    return operator.compare(wanted, actual)


def _match(pattern: Pattern | str, actual: str) -> bool:
    return isinstance(pattern, Pattern) and pattern.matches(actual)


def _equal(wanted: Pattern | str, actual: str) -> bool:
    return wanted == actual


def _equal_in_any_case(wanted: Pattern | str, actual: str) -> bool:
    return str(wanted).casefold() == actual.casefold()


def _ordered(read: Callable[[str], Decimal | datetime | None], test: Callable[[int], bool]) -> Callable[[Pattern | str, str], bool | None]:
    """Return a comparison of numbers or times; what is none of them is not decided."""

    def compare(wanted: Pattern | str, actual: str) -> bool | None:
        one, other = read(actual), read(str(wanted))
        if one is None or other is None:
            return None
        return test((one > other) - (one < other))  # type: ignore[operator] # one function reads both

    return compare


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _time(text: str) -> datetime | None:
    """Read ISO 8601 or seconds since 1970."""
    try:
        if re.fullmatch(r"-?\d{1,12}", text):
            return datetime.fromtimestamp(int(text), UTC)
        time = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _within(wanted: Pattern | str, actual: str) -> bool | None:
    try:
        network, address = ipaddress.ip_network(str(wanted), strict=False), ipaddress.ip_address(actual)
    except ValueError:
        return None
    return network.version == address.version and address in network


def _equal_bytes(wanted: Pattern | str, actual: str) -> bool | None:
    try:
        return base64.b64decode(str(wanted), validate=True) == base64.b64decode(actual, validate=True)
    except (binascii.Error, ValueError):
        return None


def _orders(name: str, read: Callable[[str], Decimal | datetime | None]) -> dict[str, Operator]:
    return {
        f"{name}Equals": Operator(_ordered(read, lambda order: order == 0)),
        f"{name}NotEquals": Operator(_ordered(read, lambda order: order == 0), negated=True),
        f"{name}LessThan": Operator(_ordered(read, lambda order: order < 0)),
        f"{name}LessThanEquals": Operator(_ordered(read, lambda order: order <= 0)),
        f"{name}GreaterThan": Operator(_ordered(read, lambda order: order > 0)),
        f"{name}GreaterThanEquals": Operator(_ordered(read, lambda order: order >= 0)),
    }


OPERATORS: Mapping[str, Operator] = {
    "StringEquals": Operator(_equal),
    "StringNotEquals": Operator(_equal, negated=True),
    "StringEqualsIgnoreCase": Operator(_equal_in_any_case),
    "StringNotEqualsIgnoreCase": Operator(_equal_in_any_case, negated=True),
    "StringLike": Operator(_match, text_pattern),
    "StringNotLike": Operator(_match, text_pattern, negated=True),
    # ArnEquals takes wildcards just as ArnLike does.
    "ArnEquals": Operator(_match, strict_arn_pattern),
    "ArnNotEquals": Operator(_match, strict_arn_pattern, negated=True),
    "ArnLike": Operator(_match, strict_arn_pattern),
    "ArnNotLike": Operator(_match, strict_arn_pattern, negated=True),
    "Bool": Operator(_equal_in_any_case),
    "BinaryEquals": Operator(_equal_bytes),
    "IpAddress": Operator(_within),
    "NotIpAddress": Operator(_within, negated=True),
    "Null": Operator(_equal_in_any_case),
    **_orders("Numeric", _number),
    **_orders("Date", _time),
}
"""Every operator of conditions, without quantifiers and `IfExists`."""
