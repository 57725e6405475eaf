"""The names of environments that a configuration itself knows: keys of its maps, and what it compares with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from paritycheck.discovery.names import COMMON, is_plain
from paritycheck.source.constructs import Call, Literal, ObjectValue, TupleValue
from paritycheck.source.module import Module
from paritycheck.source.reading import read
from paritycheck.source.syntax import Expression

NAMING = ("environment", "env", "environment_name", "env_name", "stage", "deployment_environment", "deploy_env", "tier", "workspace")
"""What people call the variable that holds the environment's name, the most usual first."""

_WORKSPACE = b"terraform.workspace"
_COMPARED = re.compile(rb'\bterraform\.workspace\s*[!=]=\s*"([A-Za-z0-9._-]{1,63})"')
_DEPTH = 6
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Switches:
    """What a root module chooses by."""

    names: frozenset[str]
    """Environments that it knows by name."""
    workspace: bool
    """Whether it asks for the workspace."""
    variable: str | None
    """The variable that holds the environment's name, if one is called like that."""


def switches(module: Module) -> Switches:
    """Tell what a root module chooses by."""
    variables = module.of_kind("variable")
    compared = {name.decode() for file in module.files for name in _COMPARED.findall(file.data)}
    known = {name for expression in _expressions(module) for name in _names(expression, _DEPTH)}
    return Switches(
        names=frozenset(compared | known) - COMMON,
        workspace=any(_WORKSPACE in file.data for file in module.files),
        variable=next((name for name in NAMING if name in variables), None),
    )


def _expressions(module: Module) -> Iterator[Expression]:
    """Yield what a module writes where maps by environment, and lists of environments, stand."""
    yield from (attribute.value for attribute in module.locals.values())
    for block in module.of_kind("variable").values():
        if "default" in block.attributes:
            yield block.attributes["default"].value
        for validation in block.nested("validation"):
            if "condition" in validation.attributes:
                yield validation.attributes["condition"].value


def _names(expression: Expression, depth: int) -> Iterator[str]:
    """Yield the keys of maps by environment, and the items of lists of environments."""
    if not depth:
        return
    match read(expression):
        case ObjectValue(items):
            yield from _environments([key for key, _ in items if isinstance(key, str)])
            inner = [value for _, value in items]
        case TupleValue(inner_items):
            literals = [found.value for item in inner_items if isinstance(found := read(item), Literal)]
            yield from _environments([text for text in literals if isinstance(text, str)])
            inner = list(inner_items)
        case Call(_, arguments):
            inner = list(arguments)
        case _:
            return
    for each in inner:
        yield from _names(each, depth - 1)


def _environments(names: list[str]) -> list[str]:
    """Return the names if they are environments': two of them or more are plainly so."""
    return names if sum(map(is_plain, names)) >= _FEWEST else []
