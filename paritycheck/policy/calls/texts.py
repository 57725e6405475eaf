"""Texts that are put together, and the parameters of calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product

from paritycheck.policy.calls.model import UNKNOWN, Argument, Env, Joined, Text, Unknown
from paritycheck.policy.calls.objects import ANY, KEYS, Arguments, Container, Values
from paritycheck.policy.calls.state import Here

_PLACE = re.compile("%[sd]")
_MOST_ALTERNATIVES = 32
_MOST_PARTS = 16
_MOST_PATHS = 500
_DEPTH = 6
"""How deep into its members a parameter is described."""

Part = Text | Env | Unknown


def join(parts: Sequence[Values]) -> Values:
    """Return the texts that values make one after the other; what is no text is unknown."""
    choices = [sorted({_parts(value) for value in values}, key=repr) or [(UNKNOWN,)] for values in parts]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > _MOST_ALTERNATIVES:
        return frozenset({UNKNOWN})
    return frozenset(_merge([part for choice in chosen for part in choice]) for chosen in product(*choices))


def fill(templates: Values, operands: Sequence[Values]) -> Values:
    """Return what `%` makes of templates in which every place is a plain one for a text or a number."""
    filled: Values = frozenset()
    for template in templates:
        literals = _PLACE.split(template.value) if isinstance(template, Text) else []
        if len(literals) != len(operands) + 1 or any("%" in literal for literal in literals):
            return frozenset({UNKNOWN})
        parts: list[Values] = [frozenset({Text(literals[0])})]
        for operand, literal in zip(operands, literals[1:], strict=True):
            parts += [operand, frozenset({Text(literal)})]
        filled |= join(parts)
    return filled


def _parts(value: object) -> tuple[Part, ...]:
    if isinstance(value, Joined):
        return value.parts
    return (value,) if isinstance(value, Text | Env) else (UNKNOWN,)


def _merge(parts: Iterable[Part]) -> Argument:
    merged: list[Part] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, Text) and isinstance(last, Text):
            merged[-1] = Text(last.value + part.value)
        elif (part != Text("")) and not (part == last == UNKNOWN):
            merged.append(part)
    if not merged:
        return Text("")
    if len(merged) > _MOST_PARTS:
        return UNKNOWN
    return merged[0] if len(merged) == 1 else Joined(tuple(merged))


def describe(arguments: Arguments, here: Here) -> dict[str, tuple[Argument, ...]]:
    """Return what the parameters of a call may be, by their paths; see `Call.parameters`."""
    description = _Description(here)
    for name, values in arguments.keywords.items():
        description.add(values, name, ())
    if arguments.more or arguments.others:
        description.note("", UNKNOWN)
    return {path: tuple(sorted(values, key=repr)) for path, values in sorted(description.found.items())}


class _Description:
    """The paths of parameters, and what is at them."""

    def __init__(self, here: Here) -> None:
        self.found: dict[str, set[Argument]] = {}
        self._here = here

    def note(self, path: str, value: Argument) -> None:
        self.found.setdefault(path, set()).add(value)

    def add(self, values: Values, path: str, around: tuple[Container, ...]) -> None:
        if not values:
            self.found.setdefault(path, set())
        for value in values:
            if isinstance(value, Text | Env | Joined | Unknown):
                self.note(path, value)
            elif not isinstance(value, Container) or value in around or len(around) >= _DEPTH or len(self.found) >= _MOST_PATHS:
                self.note(path, UNKNOWN)
            elif value.kind in {"mapping", "keywords"}:
                self._add_mapping(value, path, (*around, value))
            else:
                for name in self._here.names(value):
                    self.add(self._here.read(value, name), f"{path}[]", (*around, value))

    def _add_mapping(self, mapping: Container, path: str, around: tuple[Container, ...]) -> None:
        names = self._here.names(mapping)
        keys = self._here.read(mapping, KEYS)
        known = {key for key in keys if isinstance(key, Text | Env | Joined)}
        if len(known) < len(keys):
            self.note(path, UNKNOWN)
        if len(around) == 1:
            for key in (*known, *(Text(name) for name in names if isinstance(name, str))):
                self.note(f"keys({path})", key)
        for name in names:
            if isinstance(name, str) or (name is ANY and self._here.read(mapping, ANY)):
                self.add(self._here.read(mapping, name), f"{path}.{name if isinstance(name, str) else '*'}", around)


def constants(values: Values) -> tuple[list[str], bool]:
    """Return the texts among values, and whether there may be others."""
    texts = sorted(value.value for value in values if isinstance(value, Text))
    return texts, any(not isinstance(value, Text) for value in values)
