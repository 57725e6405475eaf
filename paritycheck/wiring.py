"""What the expressions of a configuration refer to, through the variables and outputs of modules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from paritycheck.plan import Configuration, Plan, Resource, expressions, leaves, static_address
from paritycheck.source import Sources, resources_behind

_RESOURCE = re.compile(r'((?:data\.)?[A-Za-z][\w-]*\.[A-Za-z_][\w-]*)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?')
_PLACE = re.compile(r"((?:module\.[^.]+\.)*)(.*)", re.DOTALL)
_NO_RESOURCE = ("var.", "local.", "each.", "count.", "path.", "self.", "terraform.", "module.")
_MOST_STEPS = 1_000
"""Names that are followed from one attribute: far more than anybody writes."""

Tree = Any
"""References by attribute and nested block: a list of names where an expression is, mappings and lists of them around it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A resource that an expression refers to."""

    module: str
    """Static address of the module that the name stands in, with a dot at its end; empty for the root module."""
    name: str
    """As the configuration writes it, such as `aws_kms_key.this.arn`."""


@dataclass(frozen=True, slots=True)
class Link:
    """One resource instance refers to another one; both are given by their places in a sequence."""

    source: int
    target: int
    path: str
    """The attribute, or the part of a nested block, that refers."""
    written: bool
    """Whether the reference stands in the expression itself, and not only behind a name in it."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """A module and the call that it is made by."""

    prefix: str
    module: Any
    call: Any = None
    parent: _Scope | None = None


class Wiring:
    """The references of one configuration."""

    def __init__(self, configuration: Configuration, sources: Sources | None = None) -> None:
        """Follow every reference of every block; a plan does not say what a local value is, which takes the sources."""
        self._sources = sources
        self._locals: dict[str, tuple[Reference, ...]] = {}
        self.trees: dict[str, Tree] = {}
        """Names by attribute, for every block by its static address."""
        self._attributes: dict[str, list[tuple[str, tuple[str, ...], list[Reference]]]] = {}
        for scope in _scopes(_Scope("", configuration.root_module)):
            for block in scope.module.resources:
                address = scope.prefix + block.address
                written = _chained(expressions(block) or {}, _names(block.for_each_expression or {}))
                self.trees[address] = self._tree(written, scope)
                names = [(path, _names(leaf)) for path, leaf in leaves(written)]
                self._attributes[address] = [(path, each, list(self._followed(each, scope))) for path, each in names if each]

    def edges(self, resources: Sequence[Resource]) -> list[tuple[int, int]]:
        """Return which resource instance refers to which, by their places in the sequence.

        A reference inside of `each` or `count` means the instance of the same key, where there is one; without a key it
        means all instances.
        """
        found = dict.fromkeys((link.source, link.target) for link in self.links(resources))
        return [edge for edge in found if edge[0] != edge[1]]

    def links(self, resources: Sequence[Resource]) -> Iterator[Link]:
        """Yield the same one by one, each with the attribute that it comes from."""
        instances = by_block(resources)
        for index, resource in enumerate(resources):
            for path, names, references in self._attributes.get(static_address(resource.address), ()):
                for reference in references:
                    for target in targets(resource, reference, names, resources, instances):
                        yield Link(index, target, path, written=reference.name in names)

    def _tree(self, expression: Any, scope: _Scope) -> Tree:
        if isinstance(expression, list):
            return [self._tree(item, scope) for item in expression]
        if not isinstance(expression, dict) or "constant_value" in expression:
            return []
        if isinstance(expression.get("references"), list):
            return list(dict.fromkeys(reference.name for reference in self._followed(_names(expression), scope)))
        return {name: tree for name, item in expression.items() if (tree := self._tree(item, scope))}

    def _followed(self, names: Sequence[str], scope: _Scope) -> Iterator[Reference]:
        """Yield what names mean in the end: a module's variable is what the call sets it to, an output what the module gives."""
        waiting, seen = [(scope, name) for name in reversed(names)], set[tuple[str, str]]()
        while waiting and len(seen) < _MOST_STEPS:
            here, name = waiting.pop()
            if (here.prefix, name) in seen:
                continue
            seen.add((here.prefix, name))
            behind = _behind(static_address(name).split("."), here)
            if behind is not None:
                there, expression = behind
                waiting += [(there, found) for _, leaf in leaves(expression) for found in reversed(_names(leaf))]
            elif name.startswith("local."):
                yield from self._local(here.prefix, name)
            else:
                yield Reference(here.prefix, name)

    def _local(self, prefix: str, name: str) -> tuple[Reference, ...]:
        """Return the resources behind a local value, or itself where the sources do not tell."""
        address = prefix + name
        if address not in self._locals:
            _, local, *path = name.split(".")
            found = resources_behind(self._sources, f"{prefix}local.{local}", ".".join(path)) if self._sources else ()
            places = filter(None, map(_PLACE.fullmatch, found))
            references = tuple(Reference(static_address(place[1]), place[2]) for place in places)
            self._locals[address] = references or (Reference(prefix, name),)
        return self._locals[address]


def managed_and_read(plan: Plan) -> list[Resource]:
    """Return the resources and data sources that an environment will have: not what is deleted, forgotten or deposed."""
    gone = {"delete", "forget"}
    return [resource for resource in plan.resources.values() if resource.deposed is None and resource.change.action not in gone]


def by_block(resources: Iterable[Resource]) -> dict[str, list[int]]:
    """Return the places of the instances of every block, by its static address."""
    found: dict[str, list[int]] = {}
    for index, resource in enumerate(resources):
        found.setdefault(static_address(resource.address), []).append(index)
    return found


def _scopes(scope: _Scope) -> Iterator[_Scope]:
    yield scope
    for name, call in scope.module.module_calls.items():
        if call.module is not None:
            yield from _scopes(_Scope(f"{scope.prefix}module.{name}.", call.module, call, scope))


def _chained(expression: Any, keys: Sequence[str]) -> Any:
    """Add what `each.value` stands for where `for_each` is a resource: the instance of the same key.

    https://developer.hashicorp.com/terraform/language/meta-arguments/for_each#chaining-for_each-between-resources
    """
    resources = [name for name in keys if _RESOURCE.fullmatch(name) and not name.startswith(_NO_RESOURCE)]
    if isinstance(expression, list):
        return [_chained(item, keys) for item in expression]
    if not resources or not isinstance(expression, dict) or "constant_value" in expression:
        return expression
    names = expression.get("references")
    if isinstance(names, list):
        chained = any(str(name).partition(".value")[0] == "each" for name in names)
        return {**expression, "references": [*names, *resources]} if chained else expression
    return {name: _chained(item, keys) for name, item in expression.items()}


def _names(expression: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names in an expression; of a local value that a part is taken of, the part alone.

    Terraform writes `aws_k.k["a"].arn` as three names, the last of which, without the key, would mean all instances:
    https://github.com/hashicorp/terraform/blob/main/internal/command/jsonconfig/expression.go
    """
    written = tuple(map(str, expression.get("references") or ()))
    names = tuple(name for before, name in zip(("", *written), written, strict=False) if before == name or static_address(before) != name)
    return tuple(name for name in names if not (name.startswith("local.") and any(_is_part(other, name) for other in names)))


def _is_part(name: str, whole: str) -> bool:
    return name.startswith((f"{whole}.", f"{whole}["))


def _behind(name: Sequence[str], scope: _Scope) -> tuple[_Scope, Any] | None:
    """Return the expression that a variable or an output stands for, and where it is written; `None` for any other name."""
    match name:
        case ["var", variable, *_] if scope.call is not None and scope.parent is not None:
            return scope.parent, (scope.call.expressions or {}).get(variable)
        case ["module", module, *rest]:
            call = scope.module.module_calls.get(module)
            if call is None or call.module is None or not rest or rest[0] not in call.module.outputs:
                return scope, None
            return _Scope(f"{scope.prefix}module.{module}.", call.module, call, scope), call.module.outputs[rest[0]].expression
        case _:
            return None


def targets(
    source: Resource, reference: Reference, names: Sequence[str], resources: Sequence[Resource], instances: Mapping[str, Sequence[int]]
) -> Sequence[int]:
    """Return the places of the instances that a reference means; `names` are all those that stand in the same expression."""
    match = None if reference.name.startswith(_NO_RESOURCE) else _RESOURCE.match(reference.name)
    found = instances.get(reference.module + match[1], ()) if match else ()
    if match is None or len(found) < 2:
        return found
    beside = [index for index in found if _same_instances(source.module_address, resources[index].module_address)]
    found = beside or found
    if match[2]:
        return [index for index in found if resources[index].address.endswith(match[2])]
    if any(name.startswith(("each.", "count.")) for name in names):
        return [index for index in found if resources[index].index == source.index] or found
    return found


def _same_instances(one: str, other: str) -> bool:
    """Return whether two modules lie in the same instances of the modules that both lie in."""
    for mine, others in zip(_calls(one), _calls(other), strict=False):
        if static_address(mine) != static_address(others):
            return True
        if mine != others:
            return False
    return True


def _calls(address: str) -> list[str]:
    return re.findall(r'module\.[^.\[]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?', address)
