"""One value in all environments at once, brought into a form in which equal meanings are equal values at equal paths.

Names become placeholders, JSON inside strings becomes values, members of sets stand at the same index in every environment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from paritycheck.compare.paths import Steps
from paritycheck.compare.policy import canonical_policy, is_policy
from paritycheck.compare.sets import Rows, arrange
from paritycheck.normalize import Vocabulary
from paritycheck.plan.jsontext import decode_embedded

IsSet = Callable[[str, Steps], bool]
"""Tells whether the value at a path of a resource type is a set."""


def nothing_is_a_set(_type_name: str, _steps: Steps) -> bool:
    """Answer where there is no schema to ask."""
    return False


class Aligner:
    """Aligns the values of one resource type; takes and returns one value an environment."""

    def __init__(self, vocabulary: Vocabulary, is_set: IsSet, type_name: str) -> None:
        """Take what names environments, and the schema's word on what is a set."""
        self._vocabulary = vocabulary
        self._normalizers = vocabulary.normalizers
        self._absent = vocabulary.absent
        self._unknown = vocabulary.unknown
        self._is_set = is_set
        self._type = type_name

    def align(self, values: Sequence[Any], steps: Steps = (), *, policy: bool = False) -> list[Any]:
        """Return the values aligned; `policy` where all lists are sets, as in IAM policies."""
        real = [value for value in values if value is not None and not self._is_sign(value)]
        if real and all(isinstance(value, dict) for value in real):
            return self._mappings(values, steps, policy=policy)
        if real and all(isinstance(value, list) for value in real):
            return self._lists(values, steps, policy=policy)
        decoded = [decode_embedded(value) for value in real if isinstance(value, str)]
        if decoded and len(decoded) == len(real) and None not in decoded:
            items = iter(decoded)
            embedded = [next(items) if isinstance(value, str) and value in real else value for value in values]
            return self.align(embedded, steps, policy=policy)
        return [self._plain(number, value) for number, value in enumerate(values)]

    def _is_sign(self, value: Any) -> bool:
        return isinstance(value, str) and value in (self._absent, self._unknown)

    def _mappings(self, values: Sequence[Any], steps: Steps, *, policy: bool) -> list[Any]:
        real = [value for value in values if isinstance(value, dict)]
        if not policy and all(map(is_policy, real)):
            return self._mappings([canonical_policy(v) if isinstance(v, dict) else v for v in values], steps, policy=True)
        common = set(real[0]).intersection(*real[1:])
        parts: dict[str, list[Any]] = {}
        for number, value in enumerate(values):
            for key, part in value.items() if isinstance(value, dict) else ():
                shared = key if key in common else self._normalizers[number].normalize(key)
                parts.setdefault(shared, [self._absent] * len(values))[number] = part
        results: list[Any] = [{} if isinstance(value, dict) else value for value in values]
        for key, part in parts.items():
            for result, item in zip(results, self.align(part, (*steps, key), policy=policy), strict=True):
                if isinstance(result, dict) and item != self._absent:
                    result[key] = item
        return results

    def _lists(self, values: Sequence[Any], steps: Steps, *, policy: bool) -> list[Any]:
        lists = [value if isinstance(value, list) else [] for value in values]
        if policy or self._is_set(self._type, steps) or all(map(_sorted, lists)):
            rows = arrange(lists, self._content, self._absent)
        else:
            rows = _zip(lists, self._absent)
        aligned = [self.align(row, (*steps, number), policy=policy) for number, row in enumerate(rows)]
        columns = [list(column) for column in zip(*aligned, strict=True)] or [[] for _ in values]
        return [column if isinstance(value, list) else value for column, value in zip(columns, values, strict=True)]

    def _content(self, number: int, value: Any) -> str:
        """Return a text that is the same for members of sets that mean the same."""
        if isinstance(value, dict):
            value = canonical_policy(value) if is_policy(value) else value
            pairs = sorted((self._normalizers[number].normalize(key), self._content(number, part)) for key, part in value.items())
            return f"{{{','.join(f'{key!r}:{part}' for key, part in pairs)}}}"
        if isinstance(value, list):
            return f"[{','.join(sorted(self._content(number, item) for item in value))}]"
        if isinstance(value, str) and (embedded := decode_embedded(value)) is not None:
            return self._content(number, embedded)
        return repr(self._plain(number, value))

    def _plain(self, number: int, value: Any) -> Any:
        """Normalize a value that has another shape in another environment, or none there."""
        if isinstance(value, str):
            return self._normalizers[number].normalize(value)
        if isinstance(value, dict):
            return {self._normalizers[number].normalize(key): self._plain(number, part) for key, part in value.items()}
        if isinstance(value, list):
            return [self._plain(number, item) for item in value]
        return _whole(value)


def _whole(value: Any) -> Any:
    """Return integers as `int`, however they are written, so that 1.0 is 1; huge powers of ten stay as they are."""
    if isinstance(value, Decimal) and value.adjusted() < 30 and value == value.to_integral_value():
        return int(value)
    return value


def _zip(lists: Sequence[list[Any]], absent: Any) -> Rows:
    length = max(map(len, lists))
    return [[items[number] if number < len(items) else absent for items in lists] for number in range(length)]


def _sorted(items: Sequence[Any]) -> bool:
    """Tell whether strings stand in strictly ascending order: then their order carries no meaning beyond themselves.

    Terraform writes sets of strings like that; a placeholder may have changed a name's place among the others.
    """
    return all(isinstance(item, str) for item in items) and all(a < b for a, b in pairwise(items))
