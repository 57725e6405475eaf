# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""Lists, tuples, sets, mappings and generators: what they hold, by constant keys where these are known."""

from __future__ import annotations

import ast
import types

from paritycheck.policy.calls.displays import copy_mapping, put
from paritycheck.policy.calls.flow import SOME, all_elements, attribute, calls, elements, item, set_item
from paritycheck.policy.calls.model import Text
from paritycheck.policy.calls.objects import ANY, KEYS, NOTHING, RETURNED, Answer, Arguments, Bound, Container, Environ, Library, Values
from paritycheck.policy.calls.state import Here
from paritycheck.policy.calls.texts import constants

_METHODS = frozenset(name for kind in (list, tuple, set, dict, types.GeneratorType, types.AsyncGeneratorType) for name in dir(kind))
_MAPPINGS = {"mapping", "keywords"}
_UNPROCESSED = {"UnprocessedKeys": "RequestItems", "UnprocessedItems": "RequestItems"}
"""Members of answers that repeat what a call was given: what DynamoDB has left undone."""


@item.register
def _(container: Container, keys: Values, here: Here, node: ast.AST) -> Values:
    texts, others = constants(keys)
    if others or not texts:
        return held(container, here)
    names = [int(text) if container.kind not in _MAPPINGS and text.isdecimal() else text for text in texts]
    return here.read(container, ANY).union(*(here.read(container, name) for name in names))


@set_item.register
def _(container: Container, keys: Values, values: Values, here: Here, node: ast.AST) -> None:
    if container.kind in _MAPPINGS:
        put(container, keys, values, here)
    else:
        here.write(container, ANY, values)


@elements.register
def _(container: Container, here: Here, node: ast.AST) -> Values:
    return keys_of(container, here) if container.kind in _MAPPINGS else held(container, here)


def held(container: Container, here: Here) -> Values:
    """Return all that a container holds; of a mapping the values."""
    return NOTHING.union(*(here.read(container, name) for name in here.names(container) if name not in {KEYS, RETURNED}))


def keys_of(mapping: Container, here: Here) -> Values:
    """Return the keys of a mapping."""
    return here.read(mapping, KEYS) | {Text(name) for name in here.names(mapping) if isinstance(name, str)}


@attribute.register
def _(container: Container, name: str, here: Here, node: ast.AST) -> Values:
    return frozenset({Bound(Library(f"container.{name}"), container)}) if name in _METHODS else NOTHING


@attribute.register
def _(text: Text, name: str, here: Here, node: ast.AST) -> Values:
    if name == "value":
        # The member of an enumeration is followed as its value.
        return frozenset({text})
    return frozenset({Bound(Library(f"str.{name}"), text)}) if hasattr(str, name) else SOME


@attribute.register
def _(answer: Answer, name: str, here: Here, node: ast.AST) -> Values:
    return frozenset({Bound(Library("answer.get"), answer)}) if name in {"get", "pop"} else SOME


@item.register
def _(answer: Answer, keys: Values, here: Here, node: ast.AST) -> Values:
    texts, _ = constants(keys)
    names = [_UNPROCESSED[text] for text in texts if text in _UNPROCESSED]
    # What is left undone is nothing that was not asked for.
    return NOTHING.union(*(here.read(answer, name) for name in names)) if len(names) == len(texts) == len(keys) == 1 else SOME


@attribute.register
def _(environ: Environ, name: str, here: Here, node: ast.AST) -> Values:
    return frozenset({Bound(Library(f"environ.{name}"), environ)})


def call_container(container: Container, name: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    """Return what a method of a container answers; what it is given it may hold afterwards."""
    mapping = container.kind in _MAPPINGS
    if mapping and name in {"get", "pop", "setdefault"}:
        default = arguments.at(1, "default")
        if name == "setdefault":
            put(container, arguments.at(0, "key"), default, here)
        return item(container, arguments.at(0, "key"), here, node) | default
    if mapping and name in {"items", "values", "keys", "copy", "popitem"}:
        return _view(container, name, here, node)
    if mapping and name == "update":
        return _update(container, arguments, here, node)
    if name == "sort":
        calls(arguments.named("key"), Arguments((held(container, here),)), here, node)
    given = arguments.everything()
    here.write(container, ANY, given)
    if name in {"append", "appendleft", "add"}:
        return NOTHING
    here.write(container, ANY, all_elements([value for value in given if isinstance(value, Container)], here, node))
    return held(container, here) | {container} | SOME


def _view(mapping: Container, name: str, here: Here, node: ast.AST) -> Values:
    if name == "copy":
        made = here.make("mapping", node)
        copy_mapping(frozenset({mapping}), made, here, node)
        return frozenset({made})
    view = here.make("sequence", node)
    if name in {"items", "popitem"}:
        pair = here.make("tuple", node)
        here.write(pair, 0, keys_of(mapping, here))
        here.write(pair, 1, held(mapping, here))
        if name == "popitem":
            return frozenset({pair})
        here.write(view, ANY, frozenset({pair}))
    else:
        here.write(view, ANY, keys_of(mapping, here) if name == "keys" else held(mapping, here))
    return frozenset({view})


def _update(mapping: Container, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    copy_mapping(NOTHING.union(*arguments.positional, arguments.more), mapping, here, node)
    for name, values in arguments.keywords.items():
        here.write(mapping, name, values)
    if arguments.others:
        here.write(mapping, KEYS, SOME)
        here.write(mapping, ANY, arguments.others)
    return NOTHING
