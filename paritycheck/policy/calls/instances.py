"""Instances: what they have of their own and from their classes, and what making one does."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from paritycheck.policy.calls.classes import ask_bases, bind, find_above, find_in, foreign_bases, lineage, unwrap
from paritycheck.policy.calls.flow import SOME, attribute, call, calls, elements, item, set_attribute, set_item
from paritycheck.policy.calls.libraries import hand_over
from paritycheck.policy.calls.model import Text
from paritycheck.policy.calls.objects import (
    ANY,
    CONTENTS,
    NOTHING,
    Arguments,
    Bound,
    Class,
    Descriptor,
    Function,
    Instance,
    Opaque,
    Values,
    anything,
)
from paritycheck.policy.calls.state import Here
from paritycheck.policy.calls.texts import constants

_INERT = ("builtins.", "typing.", "typing_extensions.", "abc.", "enum.", "collections.abc.")
"""Bases from outside that call nothing of an instance but its special methods."""
_EXPLICIT = frozenset({"__init__", "__new__", "__post_init__", "__call__", "__init_subclass__", "__class_getitem__", "__set_name__"})
"""Special methods that are called where the source says so; the others may be called anywhere."""


@attribute.register
def _(instance: Instance, name: str, here: Here, node: ast.AST) -> Values:
    if name == "__class__":
        return frozenset({instance.cls})
    classes = lineage(instance.cls, here)
    held = here.read(instance, name) | here.read(instance, ANY)
    if name == "args" and any(_is_exception(base) for base in foreign_bases(instance.cls, here)):
        arguments = here.make("sequence", instance.cls.node)
        here.write(arguments, ANY, held)
        return frozenset({arguments})
    if here.read(instance, (CONTENTS, name)):
        return held
    values = held | bind(find_in(classes, name, here), instance, here, node)
    if values or any(name in here.state.enter_class(cls).local for cls in classes):
        return values
    asked = bind(find_in(classes, "__getattr__", here), instance, here, node)
    values = calls(asked, Arguments((frozenset({Text(name)}),)), here, node)
    return values | ask_bases(instance, name, here)


@set_attribute.register
def _(instance: Instance, name: object, values: Values, here: Here, node: ast.AST) -> None:
    here.write(instance, name, values)
    if isinstance(name, str):
        for setter in find_in(lineage(instance.cls, here), name, here):
            if isinstance(setter, Descriptor) and setter.kind == "setter":
                call(setter.function, Arguments((frozenset({instance}), values)), here, node)


@call.register
def _(cls: Class, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    made_above = calls(find_above(cls, "__call__", here), arguments, here, node)
    return made_above or instantiate(cls, arguments, here, node)


def instantiate(cls: Class, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    """Return what making an instance of a class makes."""
    classes = lineage(cls, here)
    makers = [unwrap(value) for value in find_in(classes, "__new__", here)]
    if makers:
        made = calls(makers, arguments.before(frozenset({cls})), here, node)
    else:
        # Who catches an exception may catch any of its class: telling them apart says nothing.
        merged = any(_is_exception(base) for base in foreign_bases(cls, here))
        made = frozenset({Instance(cls, cls.node, ()) if merged else Instance(cls, node, here.sites)})
    for instance in [value for value in made if isinstance(value, Instance)]:
        initializers = bind(find_in(classes, "__init__", here), instance, here, node)
        if initializers:
            calls(initializers, arguments, here, node)
        else:
            fill_fields(instance, arguments, here, node)
        _let_others_call(instance, here, node)
    return made


def _is_exception(base: str) -> bool:
    kind = getattr(builtins, base.removeprefix("builtins."), None)
    return isinstance(kind, type) and issubclass(kind, BaseException)


def fill_fields(instance: Instance, arguments: Arguments, here: Here, node: ast.AST) -> None:
    """Store arguments in the fields that a class declares, as the `__init__` of a data class does."""
    classes = lineage(instance.cls, here)
    fields = field_names(instance.cls, here)
    for index, name in enumerate(fields):
        if index < len(arguments.positional) or name in arguments.keywords:
            here.write(instance, name, arguments.at(index, name))
            here.write(instance, (CONTENTS, name), SOME)
        else:
            here.write(instance, name, arguments.more | arguments.others)
    here.write(instance, ANY, NOTHING.union(*arguments.positional[len(fields) :]))
    for name, values in arguments.keywords.items():
        if name not in fields:
            here.write(instance, name, values)
    calls(bind(find_in(classes, "__post_init__", here), instance, here, node), Arguments(), here, node)
    for base in foreign_bases(instance.cls, here):
        if not base.startswith(_INERT):
            hand_over(Opaque(base.partition(".")[0], instance.cls.node), arguments.everything(), here, node)


def field_names(cls: Class, here: Here) -> list[str]:
    """Return the names that a class and its bases declare with annotations, in the order of a data class's arguments."""
    return list(dict.fromkeys(name for each in reversed(lineage(cls, here)) for name in _declared(each)))


def _declared(cls: Class) -> Iterator[str]:
    for statement in cls.node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id


def _let_others_call(instance: Instance, here: Here, node: ast.AST) -> None:
    """Call what is called without a word in the source: special methods, and all methods if a base from outside may."""
    classes = lineage(instance.cls, here)
    for name in {name for cls in classes for name in here.state.enter_class(cls).local}:
        if name.startswith("__") and name.endswith("__") and name not in _EXPLICIT:
            methods = [value for value in find_in(classes, name, here) if isinstance(value, Function)]
            calls([Bound(method, instance) for method in methods], anything(SOME), here, node)
    for base in foreign_bases(instance.cls, here):
        if not base.startswith(_INERT):
            hand_over(Opaque(base.partition(".")[0], instance.cls.node), frozenset({instance}), here, node)


@call.register
def _(instance: Instance, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    return calls(_method(instance, "__call__", here, node), arguments, here, node)


@elements.register
def _(instance: Instance, here: Here, node: ast.AST) -> Values:
    iterators = _special(instance, ("__iter__", "__aiter__"), here, node)
    given = _special(instance, ("__next__", "__anext__"), here, node)
    for value in iterators:
        if isinstance(value, Instance):
            given |= _special(value, ("__next__", "__anext__"), here, node)
        else:
            given |= elements(value, here, node)
    return given | _fields(instance, here)


def _special(instance: Instance, names: tuple[str, ...], here: Here, node: ast.AST) -> Values:
    return NOTHING.union(*(calls(_method(instance, name, here, node), Arguments(), here, node) for name in names))


def _method(instance: Instance, name: str, here: Here, node: ast.AST) -> Values:
    return bind(find_in(lineage(instance.cls, here), name, here), instance, here, node)


def _fields(instance: Instance, here: Here) -> Values:
    return NOTHING.union(*(here.read(instance, name) for name in here.names(instance) if isinstance(name, str) or name is ANY))


@item.register
def _(instance: Instance, keys: Values, here: Here, node: ast.AST) -> Values:
    getters = bind(find_in(lineage(instance.cls, here), "__getitem__", here), instance, here, node)
    texts, _ = constants(keys)
    if not getters and texts and all(text.isdecimal() for text in texts):
        # A named tuple's fields by their places.
        names = list(_declared(instance.cls))
        return NOTHING.union(*(here.read(instance, names[int(text)]) for text in texts if int(text) < len(names)))
    return calls(getters, Arguments((keys or SOME,)), here, node) | (NOTHING if getters else _fields(instance, here))


@set_item.register
def _(instance: Instance, keys: Values, values: Values, here: Here, node: ast.AST) -> None:
    setters = bind(find_in(lineage(instance.cls, here), "__setitem__", here), instance, here, node)
    calls(setters, Arguments((keys or SOME, values)), here, node)
    if not setters:
        here.write(instance, ANY, values)
