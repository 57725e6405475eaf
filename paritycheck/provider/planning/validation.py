"""Refuses what the real provider refuses: values and combinations that break a hard rule. An unknown value breaks none.

A message shows a number or a choice that is refused, but no free text, which may be a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from paritycheck.provider.interface import UNKNOWN, Diagnostic, Object, Path, Value
from paritycheck.provider.planning.facts import Fact, TypeFacts
from paritycheck.provider.planning.formats import check_format, check_pattern, shorten
from paritycheck.provider.planning.sdk import has_unknown

_Steps = tuple[str, ...]


def validate(facts: TypeFacts | None, config: Object) -> list[Diagnostic]:
    """Return what the facts forbid in a configuration."""
    problems: dict[Diagnostic, None] = {}
    for dotted, fact in (facts or {}).items():
        if not fact.forbids:
            continue
        for place in _places(config, tuple(dotted.split("."))):
            if _is_set(place.value) or fact.demands:  # what is not set breaks no other rule
                problems |= dict.fromkeys(_check_combination(place, fact))
                problems |= dict.fromkeys(_check_conditions(place, fact))
                problems |= dict.fromkeys(_check_value(place.path, place.value, fact))
    return list(problems)


@dataclass(frozen=True, slots=True)
class _Place:
    """One occurrence of a dotted path in a configuration."""

    path: Path
    steps: _Steps
    objects: tuple[Object, ...]
    """The objects around the value, from the outermost; the last one holds it."""

    @property
    def value(self) -> Value:
        return self.objects[-1].get(self.steps[-1])

    def find(self, dotted: str) -> list[Value]:
        """Return what another path of the same resource holds, seen from here: siblings are those in the same block."""
        steps = tuple(dotted.split("."))
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(self.steps[:-1], steps[:-1], strict=False)))
        return [place.value for place in _places(self.objects[shared], steps[shared:])]


def _places(config: Object, steps: _Steps, path: Path = (), objects: tuple[Object, ...] = ()) -> Iterator[_Place]:
    """Yield every occurrence of a path below an object; a block that is absent or unknown has none."""
    objects = (*objects, config)
    if len(objects) == len(steps):
        yield _Place((*path, steps[-1]), steps, objects)
        return
    step = steps[len(objects) - 1]
    for key, item in _items(config.get(step)):
        if isinstance(item, dict):
            yield from _places(item, steps, (*path, step, *key), objects)


def _items(value: Value) -> Iterator[tuple[Path, Value]]:
    if isinstance(value, list):
        yield from (((index,), item) for index, item in enumerate(value))
    else:
        yield (), value


def _is_set(value: Value) -> bool:
    """Whether a configuration sets a value; nested blocks that are not written are empty lists."""
    return value is not None and value != []


def _check_combination(place: _Place, fact: Fact) -> Iterator[Diagnostic]:
    name = ".".join(place.steps)
    if fact.exactly_one_of:
        yield from _check_exactly_one(place, fact.exactly_one_of)
    if fact.at_least_one_of and not any(map(_is_set, _found(place, fact.at_least_one_of))):
        yield Diagnostic("Missing required argument", f"one of `{_list(fact.at_least_one_of)}` must be specified", place.path[:-1])
    if not _is_set(place.value):
        return
    # NOTE: the older SDK looks for conflicts of a known value only, all of it. https://pkg.go.dev/github.com/hashicorp/terraform-plugin-sdk/v2/terraform#ResourceConfig.IsComputed
    known = place.value is not UNKNOWN and not has_unknown(place.value)
    for other in fact.conflicts_with:
        if known and any(_is_set(value) and value is not UNKNOWN for value in place.find(other)):
            yield Diagnostic("Conflicting configuration arguments", f'"{name}": conflicts with {other}', place.path)
    if fact.required_with and not all(any(map(_is_set, place.find(other))) for other in fact.required_with):
        detail = f'"{name}": all of `{_list({*fact.required_with, name})}` must be specified'
        yield Diagnostic("Missing required argument", detail, place.path)


def _check_conditions(place: _Place, fact: Fact) -> Iterator[Diagnostic]:
    name = ".".join(place.steps)
    if fact.required_when and not _is_set(place.value) and _holds(place, fact.required_when, unknown=False):
        yield Diagnostic("Missing required argument", f'"{name}": must be set {_describe(fact.required_when)}', place.path[:-1])
    if fact.allowed_when and place.value and place.value is not UNKNOWN and not _holds(place, fact.allowed_when, unknown=True):
        yield Diagnostic("Conflicting configuration arguments", f'"{name}": can only be set {_describe(fact.allowed_when)}', place.path)


def _holds(place: _Place, condition: Mapping[str, Sequence[Value]], *, unknown: bool) -> bool:
    """Whether each path of a condition has one of its values; `unknown` says how to take a value that is not known."""
    found = {other: (place.find(other) or [None])[0] for other in condition}
    return all(unknown if found[other] is UNKNOWN else found[other] in values for other, values in condition.items())


def _describe(condition: Mapping[str, Sequence[Value]]) -> str:
    parts = (
        f"{path} is {' or '.join('not set' if value is None else shorten(value) for value in values)}" for path, values in condition.items()
    )
    return "when " + " and ".join(parts)


def _check_exactly_one(place: _Place, group: Sequence[str]) -> Iterator[Diagnostic]:
    found = {other: [value for value in place.find(other) if _is_set(value)] for other in group}
    known = [other for other, values in found.items() if any(value is not UNKNOWN for value in values)]
    if len(known) > 1:
        detail = f"only one of `{_list(group)}` can be specified, but `{_list(known)}` were specified."
        yield Diagnostic("Invalid combination of arguments", detail, (*place.path[:-1], known[0].rpartition(".")[2]))
    elif not any(found.values()):
        yield Diagnostic("Invalid combination of arguments", f"one of `{_list(group)}` must be specified", place.path[:-1])


def _found(place: _Place, group: Sequence[str]) -> list[Value]:
    return [value for other in group for value in place.find(other)]


def _list(names: Sequence[str] | set[str]) -> str:
    return ",".join(sorted(names))


def _check_value(path: Path, value: Value, fact: Fact) -> Iterator[Diagnostic]:
    if value is None or value is UNKNOWN:
        return
    if fact.length is not None and value != []:  # an empty collection counts as not set
        yield from _complain(path, _check_length(value, *fact.length), "length of ")
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _check_item((*path, index), item, fact)
    else:
        yield from _check_item(path, value, fact)


def _check_item(path: Path, value: Value, fact: Fact) -> Iterator[Diagnostic]:
    if value is None or value is UNKNOWN or isinstance(value, list | dict):
        return
    checks: list[tuple[object, Callable[[], str | None]]] = [
        (fact.one_of, lambda: _check_choice(value, fact)),
        (fact.between, lambda: _check_range(value, *(fact.between or (None, None)))),
        (fact.pattern, lambda: check_pattern(value, fact.pattern or "")),
        (fact.is_, lambda: check_format(value, fact.is_ or "")),
    ]
    for rule, check in checks:
        if rule:
            yield from _complain(path, check())


def _complain(path: Path, complaint: str | None, what: str = "") -> Iterator[Diagnostic]:
    if complaint is not None:
        name = next(step for step in reversed(path) if isinstance(step, str))
        yield Diagnostic(f"expected {what}{name} to {complaint}", "", path)


def _check_choice(value: Value, fact: Fact) -> str | None:
    folded = _fold(value) if fact.ignore_case else value
    allowed = [_fold(choice) for choice in fact.one_of] if fact.ignore_case else fact.one_of
    if folded in allowed:
        return None
    choices = " ".join(f'"{choice}"' if isinstance(choice, str) else str(choice) for choice in fact.one_of)
    return f"be one of [{choices}], got {shorten(value)}"


def _fold(value: Value) -> Value:
    return value.lower() if isinstance(value, str) else value


def _check_range(value: Value, low: Value, high: Value) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return _outside(value, low, high, str(value))


def _check_length(value: Value, low: int | None, high: int | None) -> str | None:
    if not isinstance(value, str | list | dict):
        return None
    # NOTE: the real provider counts a text's bytes. https://pkg.go.dev/builtin#len
    length = len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else len(value)
    return _outside(length, low, high, str(length))


def _outside(value: int | Decimal, low: Value, high: Value, shown: str) -> str | None:
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    if high is None:
        return f"be at least ({low}), got {shorten(shown)}"
    if low is None:
        return f"be at most ({high}), got {shorten(shown)}"
    return f"be in the range ({low} - {high}), got {shorten(shown)}"
