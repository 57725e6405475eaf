# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""Classes: what their instances have, and what making one does."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from paritycheck.policy.calls.flow import SOME, attribute, call, calls, elements, item, set_attribute
from paritycheck.policy.calls.model import Env, Joined, Text
from paritycheck.policy.calls.objects import (
    CONTENTS,
    NOTHING,
    Arguments,
    Bound,
    Class,
    Descriptor,
    Function,
    Instance,
    Library,
    Mark,
    Opaque,
    Super,
    Value,
    Values,
    anything,
)
from paritycheck.policy.calls.state import Here

BASES = Mark("BASES")


def lineage(cls: Class, here: Here) -> list[Class]:
    """Return a class and its bases among the sources, each before those that it extends."""
    found: dict[Class, None] = {}
    _collect(cls, here, found, set())
    return list(reversed(found))


def _collect(cls: Class, here: Here, found: dict[Class, None], seen: set[Class]) -> None:
    """Add the classes in reverse order: who is extended by two comes after both."""
    if cls in seen:
        return
    seen.add(cls)
    for index in reversed(range(len(cls.node.bases))):
        for base in sorted(here.read(cls, (BASES, index)), key=repr):
            if isinstance(base, Class):
                _collect(base, here, found, seen)
    found[cls] = None


def foreign_bases(cls: Class, here: Here) -> Iterator[str]:
    """Give the names of the bases from outside that a class, or one that it extends, has."""
    for each in lineage(cls, here):
        for index in range(len(each.node.bases)):
            for base in here.read(each, (BASES, index)):
                if isinstance(base, Library | Opaque):
                    yield base.path if isinstance(base, Library) else base.origin


def find_in(classes: list[Class], name: str, here: Here) -> Values:
    """Return what the first of these classes that has a name has under it."""
    values = NOTHING
    for cls in classes:
        frame = here.state.enter_class(cls)
        values |= here.read(frame, name)
        if name in frame.local:
            break
    return values


def bind(values: Values, receiver: Instance, here: Here, node: ast.AST) -> Values:
    """Return what an instance answers for what its class has."""
    bound: set[Value] = set()
    for value in values:
        match value:
            case Function():
                bound.add(Bound(value, receiver))
            case Descriptor(kind="property", function=function):
                bound |= call(function, Arguments((frozenset({receiver}),)), here, node)
            case Descriptor(kind="static", function=function):
                bound.add(function)
            case Descriptor(kind="class", function=Function() as function):
                bound.add(Bound(function, receiver.cls))
            case Instance() if getters := find_in(lineage(value.cls, here), "__get__", here):
                bound |= calls(bind(getters, value, here, node), Arguments((frozenset({receiver}),)), here, node)
            case _ if not isinstance(value, Descriptor):
                bound.add(value)
    return frozenset(bound)


@attribute.register
def _(cls: Class, name: str, here: Here, node: ast.AST) -> Values:
    classes = lineage(cls, here)
    answered: set[Value] = set()
    for value in find_in(classes, name, here):
        if isinstance(value, Descriptor) and value.kind == "class" and isinstance(value.function, Function):
            answered.add(Bound(value.function, cls))
        elif isinstance(value, Text | Env | Joined) and _has_members(cls, here):
            # A member is followed as its value, and as an instance where there are methods that it may have.
            answered |= {value, _member(cls, value, here)}
        elif isinstance(value, Instance) and (getters := find_in(lineage(value.cls, here), "__get__", here)):
            answered |= calls(bind(getters, value, here, node), Arguments((NOTHING, frozenset({cls}))), here, node)
        else:
            answered.add(value.function if isinstance(value, Descriptor) and value.kind == "static" else value)
    if answered or any(name in here.state.enter_class(each).local for each in classes):
        return frozenset(answered)
    above = find_above(cls, name, here)
    above |= calls(find_above(cls, "__getattr__", here), Arguments((frozenset({Text(name)}),)), here, node)
    answer = Opaque("builtins", cls.node)
    here.write(answer, CONTENTS, frozenset({cls}))
    return above or frozenset({answer})


def _has_members(cls: Class, here: Here) -> bool:
    """Tell whether a class is an enumeration with methods."""
    methods = (part for each in lineage(cls, here) for part in each.node.body if isinstance(part, ast.FunctionDef))
    return any(methods) and any(base.startswith("enum.") for base in foreign_bases(cls, here))


def _member(cls: Class, value: Value, here: Here) -> Instance:
    member = Instance(cls, cls.node, ())
    here.write(member, "value", frozenset({value}))
    return member


def call_hooks(cls: Class, here: Here, node: ast.AST) -> None:
    """Call what Python calls when a class is made, and what its metaclass lets be called without a word in the source."""
    frame = here.state.enter_class(cls)
    hooks = _methods(cls, find_in(lineage(cls, here)[1:], "__init_subclass__", here))
    for value in NOTHING.union(*(here.read(frame, name) for name in frame.local)):
        if isinstance(value, Instance):
            hooks |= _methods(value, find_in(lineage(value.cls, here), "__set_name__", here))
    for above in [above for each in lineage(cls, here) for above in here.read(each, (BASES, "metaclass"))]:
        for name in here.state.enter_class(above).local if isinstance(above, Class) else ():
            if name.startswith("__") and name.endswith("__") and name != "__call__":
                hooks |= find_above(cls, name, here)
    calls([hook for hook in hooks if isinstance(hook, Bound)], anything(SOME), here, node)


def _methods(receiver: Instance | Class, values: Values) -> Values:
    return frozenset(Bound(value, receiver) for value in map(unwrap, values) if isinstance(value, Function))


def find_above(cls: Class, name: str, here: Here) -> Values:
    """Return what a class has from its metaclass."""
    found = NOTHING
    for each in lineage(cls, here):
        for above in here.read(each, (BASES, "metaclass")):
            if isinstance(above, Class):
                values = map(unwrap, find_in(lineage(above, here), name, here))
                found |= frozenset(Bound(value, cls) if isinstance(value, Function) else value for value in values)
    return found


@set_attribute.register
def _(cls: Class, name: object, values: Values, here: Here, node: ast.AST) -> None:
    frame = here.state.enter_class(cls)
    for each in (name,) if isinstance(name, str) else frame.local:
        here.write(frame, each, values)


def ask_bases(instance: Instance, name: str, here: Here) -> Values:
    """Return an attribute that only a base from outside can have."""
    answers = NOTHING
    for base in foreign_bases(instance.cls, here):
        answer = Opaque(base.partition(".")[0], instance.cls.node)
        here.write(answer, CONTENTS, frozenset({instance}))
        answers |= {answer}
    return answers


@attribute.register
def _(later: Super, name: str, here: Here, node: ast.AST) -> Values:
    receiver = later.receiver
    cls = receiver.cls if isinstance(receiver, Instance) else receiver
    if not isinstance(cls, Class):
        return SOME
    classes = lineage(cls, here)
    after = classes[classes.index(later.cls) + 1 :] if later.cls in classes else lineage(later.cls, here)[1:]
    values = find_in(after, name, here)
    if values or any(name in here.state.enter_class(each).local for each in after):
        if isinstance(receiver, Instance):
            return bind(values, receiver, here, node)
        return frozenset(Bound(value, receiver) if isinstance(value, Function) else value for value in map(unwrap, values))
    if name in {"__init__", "__new__"}:
        return frozenset({Bound(Library(f"object.{name}"), receiver)})
    if name == "__call__" and isinstance(receiver, Class):
        return frozenset({Bound(Library("type.__call__"), receiver)})
    return ask_bases(receiver, name, here) | SOME if isinstance(receiver, Instance) else SOME


def unwrap(value: Value) -> Value:
    """Return the function of a descriptor, and anything else as it is."""
    return value.function if isinstance(value, Descriptor) else value


@elements.register
def _(cls: Class, here: Here, node: ast.AST) -> Values:
    frame = here.state.enter_class(cls)
    held = NOTHING.union(*(here.read(frame, name) for name in frame.local))
    return held | SOME | ({_member(cls, value, here) for value in held} if _has_members(cls, here) else NOTHING)


@item.register
def _(cls: Class, keys: Values, here: Here, node: ast.AST) -> Values:
    getters = _methods(cls, find_in(lineage(cls, here), "__class_getitem__", here))
    return calls(getters, Arguments((keys,)), here, node) | {cls} | elements(cls, here, node)


@call.register
def _(later: Super, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    return SOME
