"""Topology that depends on the environment's name, found in the source itself, even while today's values agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paritycheck.findings import Finding, Related
from paritycheck.rules import RULES
from paritycheck.source.constructs import EVERY
from paritycheck.source.dependence import DEPENDS, SHAPE, VARIES, Aspect, Dependence
from paritycheck.source.scope import Instance, Scope, Value, dynamic_scope, inside
from paritycheck.source.sources import Sources
from paritycheck.source.syntax import Attribute, Block

_DECIDERS = (
    ("count", VARIES, "environment-dependent-count"),
    ("for_each", SHAPE, "environment-dependent-for-each"),
    ("source", DEPENDS, "environment-dependent-module"),
)
"""Arguments that decide about topology, what of their value does, and the rule."""

_DYNAMIC = "environment-dependent-dynamic"


def hazards(sources: Sequence[Sources], variable: str | None) -> tuple[Finding, ...]:
    """Find every `count`, `for_each`, `dynamic` block and module source that depends on the environment's name.

    The name is the root module's `variable`, or `terraform.workspace`, directly or through locals and module inputs. What environments
    share is reported once.
    """
    found: dict[tuple[str, str, str], Finding] = {}
    for each in sources:
        for finding in _Search(variable).instance(each.root):
            found.setdefault((finding.rule, finding.address, finding.path), finding)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Decision:
    """An argument that decides about topology."""

    rule: str
    aspect: Aspect
    value: Value
    attribute: Attribute
    address: str
    path: str


class _Search:
    """Looks through one configuration."""

    def __init__(self, variable: str | None) -> None:
        self._dependence = Dependence(variable)

    def instance(self, instance: Instance) -> Iterator[Finding]:
        """Yield the hazards of a module and of those that it calls."""
        for address, block in instance.module.resources.items():
            yield from self._deciders(instance.scope, block, instance.prefix + address)
            yield from self._dynamics(inside(instance.scope, block, EVERY), block, instance.prefix + address)
        for name, call in instance.module.of_kind("module").items():
            yield from self._deciders(instance.scope, call, f"{instance.prefix}module.{name}")
            child = instance.child(name)
            if child:
                yield from self.instance(child)

    def _deciders(self, scope: Scope, block: Block, address: str) -> Iterator[Finding]:
        for name, aspect, rule in _DECIDERS:
            if name in block.attributes and (name != "source" or block.kind == "module"):
                attribute = block.attributes[name]
                yield from self._finding(_Decision(rule, aspect, Value(scope, attribute.value), attribute, address, name))

    def _dynamics(self, scope: Scope, resource: Block, address: str) -> Iterator[Finding]:
        waiting = [(scope, resource, "")]
        while waiting:
            scope, block, above = waiting.pop()
            for nested in block.blocks:
                dynamic = nested.kind == "dynamic"
                path = above + (nested.labels[0] if dynamic and nested.labels else nested.kind)
                loop = nested.attributes.get("for_each")
                if dynamic and loop:
                    yield from self._finding(_Decision(_DYNAMIC, SHAPE, Value(scope, loop.value), loop, address, path))
                inner = dynamic_scope(scope, nested, EVERY) if dynamic else scope
                waiting.extend((inner, content, f"{path}.") for content in (nested.nested("content") if dynamic else (nested,)))

    def _finding(self, decision: _Decision) -> Iterator[Finding]:
        chain = self._dependence.chain(decision.aspect, decision.value)
        if chain:
            rule = RULES[decision.rule]
            yield Finding(
                rule.slug,
                rule.severity,
                decision.address,
                _message(decision, [name for name, _ in chain]),
                rule.fix,
                path=decision.path,
                location=decision.attribute.location,
                related=tuple(Related(location, name) for name, location in chain if location),
                cause=next((name for name, location in chain if location), None),
            )


def _message(decision: _Decision, names: list[str]) -> str:
    *through, source = names
    owner = decision.address if decision.rule != _DYNAMIC else f"the dynamic block {decision.path} of {decision.address}"
    return f"{decision.attribute.name} of {owner} depends on {source}" + (f" through {', '.join(through)}" if through else "")
