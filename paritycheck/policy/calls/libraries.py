# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""What comes from outside the sources: it may call what it is given, hand it on, and answer it.

The standard library does no more than that, so that what it is given is followed through it. What other libraries do with
something that can call AWS nobody knows: giving it to them is undecided.
"""

from __future__ import annotations

import ast
import sys

from paritycheck.policy.calls.distributions import calls_aws, reaches_aws
from paritycheck.policy.calls.flow import (
    SOME,
    attribute,
    call,
    calls,
    elements,
    item,
    set_attribute,
    set_item,
)
from paritycheck.policy.calls.model import Unknown
from paritycheck.policy.calls.objects import (
    ANY,
    CALLBACKS,
    CONTENTS,
    NOTHING,
    Arguments,
    Aws,
    Bound,
    Class,
    Container,
    Environ,
    Function,
    Instance,
    Library,
    Method,
    Opaque,
    Partial,
    Value,
    Values,
    anything,
)
from paritycheck.policy.calls.state import Here

_BY_NAME = frozenset({"ctypes", "importlib", "inspect", "operator", "pickle", "pydoc", "runpy", "types", "unittest"})
"""Parts of the standard library that reach attributes by names which they are given elsewhere."""
_CARRIERS = (sys.stdlib_module_names | {"builtins", "object"}) - _BY_NAME
_PURE = frozenset({
    "array", "base64", "binascii", "bisect", "calendar", "cmath", "colorsys", "csv", "datetime", "decimal", "difflib", "errno",
    "fractions", "gzip", "hashlib", "hmac", "html", "http", "ipaddress", "json", "locale", "math", "numbers", "os", "pathlib", "platform",
    "random", "re", "secrets", "shlex", "statistics", "string", "struct", "textwrap", "time", "unicodedata", "urllib", "uuid", "zlib",
    "zoneinfo",
})  # fmt: skip
"""Parts of the standard library that answer data, and never an object that they were given."""
_REGISTRIES = frozenset({"builtins.__dict__", "os.environb", "sys.meta_path", "sys.modules", "sys.path_hooks", "sys.path_importer_cache"})
"""Parts of the standard library from which modules or credentials can be had by names."""
_CALLABLE = Function | Bound | Partial | Method | Class
_FOLLOWED = _CALLABLE | Instance | Aws
PASSING = {"submit": 0, "to_thread": 0, "call_soon": 0, "apply_async": 0, "run_in_executor": 1}
"""Methods that call a function with the arguments after it, and how many arguments come before it."""


def ask(origin: str, arguments: Arguments, here: Here, node: ast.AST, answer: Opaque | None = None) -> Values:
    """Return what a library may answer, which may be whatever it is given, and whatever that answers."""
    answer = answer or Opaque(origin.partition(".")[0], node)
    hand_over(answer, arguments.everything(), here, node)
    return contents(answer, here)


def is_data(value: Value) -> bool:
    """Tell whether a value is what a library answers that never answers an object which it was given."""
    return isinstance(value, Opaque) and value.origin in _PURE


def contents(opaque: Opaque, here: Here) -> Values:
    """Return what somebody else's object may answer: itself, and what it was given."""
    return frozenset({opaque}) if is_data(opaque) else here.read(opaque, CONTENTS) | {opaque}


def hand_over(taker: Opaque, given: Values, here: Here, node: ast.AST) -> None:
    """Let somebody outside have these values, who may answer them, and call those that can be called."""
    carried = _flatten(given - {taker}, here)
    if taker.origin in _BY_NAME:
        carried |= _flatten(NOTHING.union(*(all_attributes(value, here, node) for value in carried)), here)
    for value in carried:
        if _is_aws(value) and taker.origin not in _CARRIERS:
            here.undecided(f"{_name(value)} is given to {taker.origin}, which is not followed", node)
    here.write(taker, CONTENTS, frozenset(value for value in carried if not isinstance(value, _CALLABLE)))
    callbacks = frozenset(value for value in carried if isinstance(value, _CALLABLE | Instance))
    here.write(taker, CALLBACKS, callbacks)
    if callbacks:
        here.state.enter_outside(taker, here.frame)


def run_outside(taker: Opaque, here: Here) -> None:
    """Call what somebody outside was given with whatever he has; what that answers he has then, too."""
    held = anything(here.read(taker, CONTENTS) | {taker})
    for value in here.read(taker, CALLBACKS):
        methods = _public_methods(value, here, taker.node) if isinstance(value, Instance) else {value}
        for method in methods:
            hand_over(taker, call(method, held, here, taker.node), here, taker.node)


def _flatten(values: Values, here: Here) -> Values:
    """Return the objects among values that matter, those in containers among them, and the containers that hold such."""
    found: set[Value] = set()
    for value in values:
        if isinstance(value, Container):
            inside = _reach(value, here)
            found |= inside | {value} if inside else inside
        elif _matters(value, here):
            found.add(value)
    return frozenset(found)


def _reach(container: Container, here: Here) -> set[Value]:
    found: set[Value] = set()
    waiting, seen = [container], {container}
    while waiting:
        around = waiting.pop()
        for value in NOTHING.union(*(here.read(around, name) for name in here.names(around))):
            if isinstance(value, Container) and value not in seen:
                seen.add(value)
                waiting.append(value)
            elif _matters(value, here):
                found.add(value)
    return found


def _matters(value: Value, here: Here) -> bool:
    if isinstance(value, Opaque):
        return not is_data(value) and bool(here.read(value, CONTENTS) or here.read(value, CALLBACKS))
    if isinstance(value, Bound) and isinstance(value.function, Library):
        return isinstance(value.receiver, Container | Instance)
    return isinstance(value, _FOLLOWED) or _is_aws(value)


def _is_aws(value: Value) -> bool:
    return reaches_aws(value.path) if isinstance(value, Library) else isinstance(value, Aws | Method)


def all_attributes(value: Value, here: Here, node: ast.AST) -> Values:
    """Return what any attribute of an object or of a class of the sources may be."""
    from paritycheck.policy.calls.classes import lineage

    if not isinstance(value, Instance | Class):
        return NOTHING
    classes = lineage(value.cls if isinstance(value, Instance) else value, here)
    names = {name for cls in classes for name in here.state.enter_class(cls).local}
    names |= {name for name in here.names(value) if isinstance(name, str)}
    return here.read(value, ANY).union(*(attribute(value, name, here, node) for name in names))


def _public_methods(instance: Instance, here: Here, node: ast.AST) -> Values:
    from paritycheck.policy.calls.classes import lineage

    names = {name for cls in lineage(instance.cls, here) for name in here.state.enter_class(cls).local}
    public = sorted(name for name in names if not name.startswith("_") or name in {"__enter__", "__aenter__", "__call__"})
    values = NOTHING.union(*(attribute(instance, name, here, node) for name in public))
    return frozenset(value for value in values if isinstance(value, Bound | Function))


def _name(value: Value) -> str:
    return f"something that calls AWS ({value.path if isinstance(value, Library) else type(value).__name__.lower()})"


@attribute.register
def _(library: Library, name: str, here: Here, node: ast.AST) -> Values:
    path = f"{library.path}.{name}"
    if path in _REGISTRIES:
        here.undecided(f"{path} reaches code or names that are not followed", node)
    if path == "os.environ":
        return frozenset({Environ()})
    return here.read(library, name) | {Library(path)}


@set_attribute.register
def _(library: Library, name: object, values: Values, here: Here, node: ast.AST) -> None:
    here.write(library, name, values)
    # `sys.stdout = Output()`: the library may use what replaces a part of it.
    hand_over(Opaque(library.path.partition(".")[0], node), values, here, node)


@item.register
def _(library: Library, keys: Values, here: Here, node: ast.AST) -> Values:
    # Generic[T], list[str]: types with parameters.
    return frozenset({library})


@call.register
def _(library: Library, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    from paritycheck.policy.calls.known import KNOWN

    path = library.path
    known = KNOWN.get(path) or KNOWN.get(f"{path.rpartition('.')[0]}.*")
    if known is not None:
        return known(arguments, here, node, path.rpartition(".")[2])
    if calls_aws(path) or reaches_aws(path):
        here.undecided(f"{path} may call AWS, and is not followed", node)
    place = PASSING.get(path.rpartition(".")[2])
    return ask(path, arguments, here, node) if place is None else call_passing(place, arguments, here, node)


@attribute.register
def _(opaque: Opaque, name: str, here: Here, node: ast.AST) -> Values:
    if name in PASSING:
        return frozenset({Bound(Library(f"passing.{name}"), opaque)})
    return contents(opaque, here)


@set_attribute.register
def _(opaque: Opaque, name: object, values: Values, here: Here, node: ast.AST) -> None:
    hand_over(opaque, values, here, node)


@item.register
def _(opaque: Opaque, keys: Values, here: Here, node: ast.AST) -> Values:
    return contents(opaque, here)


@set_item.register
def _(opaque: Opaque, keys: Values, values: Values, here: Here, node: ast.AST) -> None:
    hand_over(opaque, values, here, node)


@elements.register
def _(opaque: Opaque, here: Here, node: ast.AST) -> Values:
    return contents(opaque, here)


@call.register
def _(opaque: Opaque, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    return ask(opaque.origin, arguments, here, node, opaque)


@call.register
def _(unknown: Unknown, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    return ask("something unknown", arguments, here, node) | SOME


def call_passing(place: int, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    """Return what an executor answers, which calls the argument at this place with those after it."""
    answer = Opaque("concurrent", node)
    answered = calls(arguments.at(place, "func"), arguments.after(place + 1), here, node)
    here.write(answer, CONTENTS, answered)
    return answered | {answer}
