# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""Imports: a module of the sources runs, anything else is a library."""

from __future__ import annotations

import ast

from paritycheck.policy.calls.distributions import is_known
from paritycheck.policy.calls.flow import attribute, set_attribute
from paritycheck.policy.calls.lookup import STARRED, bind_name, module_of, read_module
from paritycheck.policy.calls.objects import NOTHING, Library, Module, Values
from paritycheck.policy.calls.state import Here


def run_import(node: ast.Import, here: Here) -> None:
    """Bind the modules of an `import`."""
    for alias in node.names:
        module = import_module(alias.name, here, node)
        if alias.asname is None:
            first = alias.name.partition(".")[0]
            bind_name(first, import_module(first, here, node), here)
        else:
            bind_name(alias.asname, module, here)


def run_import_from(node: ast.ImportFrom, here: Here) -> None:
    """Bind the names of a `from … import`."""
    name = here.frame.module.resolve(node.module or "", node.level)
    modules = import_module(name, here, node)
    for alias in node.names:
        if alias.name == "*":
            here.write(module_of(here.frame), STARRED, modules)
            continue
        values = NOTHING
        for module in modules:
            values |= attribute(module, alias.name, here, node)
        bind_name(alias.asname or alias.name, values, here)


def import_module(name: str, here: Here, node: ast.AST) -> Values:
    """Run a module and the packages around it, and return it."""
    if here.state.sources.find(name) is None:
        if not is_known(name):
            here.undecided(f"{name[:80]} is neither among the sources nor known, so that what it calls cannot be told", node)
        return frozenset({Library(name)})
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        source = here.state.sources.find(".".join(parts[:count]))
        if source is not None:
            here.state.enter_module(source)
    return frozenset({Module(name)})


@attribute.register
def _(module: Module, name: str, here: Here, node: ast.AST) -> Values:
    values = read_module(module, name, here)
    below = f"{module.name}.{name}"
    if here.state.sources.find(below) is not None:
        values |= import_module(below, here, node)
    elif not values and not _may_have(module, name, here):
        here.undecided(f"{below[:80]} is not among the sources, so that what it calls cannot be told", node)
    return values


def _may_have(module: Module, name: str, here: Here) -> bool:
    """Tell whether a module has a name, be it one that holds nothing that is followed, such as a number."""
    source = here.state.sources.find(module.name)
    if source is None or name.startswith("__"):
        return True
    frame = here.state.enter_module(source)
    return name in frame.local or bool(here.read(frame, STARRED))


@set_attribute.register
def _(module: Module, name: object, values: Values, here: Here, node: ast.AST) -> None:
    source = here.state.sources.find(module.name)
    if source is None:
        return
    frame = here.state.enter_module(source)
    for each in frame.local if not isinstance(name, str) else (name,):
        here.write(frame, each, values)
