"""Which resource refers to which: block by block as the plan tells, and instance by instance where the sources do."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from paritycheck.plan import Plan, Resource, references, static_address
from paritycheck.wiring import Link, Reference, Wiring, by_block, managed_and_read, targets

if TYPE_CHECKING:
    from paritycheck.source import Sources

_NO_VALUES = ("count", "for_each", "depends_on")
"""What says how many instances there are and what they wait for: no value goes that way."""
_INDIRECT = ("each.", "count.", "local.", "module.", "var.")
"""Names that have to be followed to know what is meant."""
_FOUND = ""
"""What a resource is said to hold, so that nobody looks for what is behind it."""


@dataclass(frozen=True, slots=True)
class Referral:
    """A resource of a plan that refers to another one."""

    source: Resource
    target: Resource
    sure: bool
    """Whether this very instance does, and not only its block, through a local value of many parts."""


def refer(plan: Plan, sources: Sources | None, asked: Collection[str]) -> Iterator[Referral]:
    """Yield what refers to what, the sure ones first; `asked` are the addresses of the resources in question."""
    if not asked:
        return
    resources = managed_and_read(plan)
    reader = _Reader(plan, sources, resources) if sources else None
    found: dict[tuple[int, int], bool] = {}
    for index, resource in enumerate(resources):
        exact = reader.targets(resource) if reader and resource.address in asked else ()
        found.update(((index, target), True) for target in exact)
    exactly = {(source, static_address(resources[target].address)) for source, target in found}
    for link in Wiring(plan.configuration, sources).links(resources):
        pair = link.source, link.target
        known = (link.source, static_address(resources[link.target].address)) in exactly
        if resources[link.source].address in asked and not known and not (reader and reader.knows(link)):
            found[pair] = found.get(pair, False) or link.written or reader is None
    pairs = sorted(found.items(), key=lambda item: not item[1])
    yield from (Referral(resources[source], resources[target], sure) for (source, target), sure in pairs if source != target)


class _Reader:
    """Follows the loops of a configuration for one instance after the other."""

    def __init__(self, plan: Plan, sources: Sources, resources: Sequence[Resource]) -> None:
        self._sources = sources
        self._resources = resources
        self._blocks = dict(plan.configuration.blocks())
        self._instances = by_block(resources)
        self._places = {resource.address: index for index, resource in enumerate(resources)}
        self._known: set[tuple[int, str]] = set()

    def knows(self, link: Link) -> bool:
        """Tell whether all is found that a link's attribute refers to through loops and locals, and this is no part of it."""
        return not link.written and (link.source, link.path) in self._known

    def targets(self, resource: Resource) -> list[int]:
        """Return the places of the instances that the source means in this very instance."""
        named: dict[Reference, None] = {}

        def note(prefix: str, address: str, steps: tuple[Any, ...]) -> str:
            named[self._reference(static_address(prefix), address, steps)] = None
            return _FOUND

        from paritycheck.source import HOLE

        for path in self._paths(resource):
            if not _holds(self._sources.outline(resource.address, path, note), HOLE):
                self._known.add((self._places[resource.address], path))
        return [index for each in named for index in targets(resource, each, (), self._resources, self._instances)]

    def _paths(self, resource: Resource) -> list[str]:
        """Return the attributes whose references take following."""
        block = self._blocks.get(static_address(resource.address))
        found = references(block) if block else {}
        return [
            path for path, names in found.items() if not path.startswith(_NO_VALUES) and any(name.startswith(_INDIRECT) for name in names)
        ]

    def _reference(self, prefix: str, address: str, steps: tuple[Any, ...]) -> Reference:
        keyed = any(self._resources[index].index is not None for index in self._instances.get(prefix + address, ()))
        key = f"[{json.dumps(steps[0])}]" if keyed and steps and isinstance(steps[0], str | int) else ""
        return Reference(prefix, address + key)


def _holds(value: Any, text: str) -> bool:
    """Tell whether a text occurs anywhere in a value."""
    if isinstance(value, dict):
        return any(_holds(part, text) for item in value.items() for part in item)
    if isinstance(value, list):
        return any(_holds(part, text) for part in value)
    return isinstance(value, str) and text in value
