"""Which objects of the environments belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from paritycheck.normalize import Vocabulary
from paritycheck.plan import Plan, Resource

OUTPUT = "output"
"""Mode of an output, which is compared as a resource with one attribute, `value`."""

_GONE = frozenset({"delete", "forget"})


@dataclass(frozen=True, slots=True)
class Entity:
    """A resource, a data source or an output in all environments at once."""

    key: str
    """Normalized address: the same in all environments."""
    members: tuple[Resource | None, ...]
    """What each environment has of it, in order."""

    @property
    def first(self) -> Resource:
        """The first one that exists."""
        return next(member for member in self.members if member is not None)


def match_entities(plans: Sequence[Plan], vocabulary: Vocabulary) -> Iterator[Entity]:
    """Pair by address, else by normalized address; what is planned to be gone does not count as there."""
    indexes = [_members(plan) for plan in plans]
    common = set(indexes[0]).intersection(*indexes[1:])
    for key in indexes[0]:
        if key in common:
            yield Entity(key, tuple(index[key] for index in indexes))
    yield from _match_rest([{k: r for k, r in index.items() if k not in common} for index in indexes], vocabulary)


def _match_rest(indexes: Sequence[Mapping[str, Resource]], vocabulary: Vocabulary) -> Iterator[Entity]:
    rest: dict[str, list[Resource | None]] = {}
    for number, (index, normalizer) in enumerate(zip(indexes, vocabulary.normalizers, strict=True)):
        for key, resource in index.items():
            rest.setdefault(normalizer.normalize(key), [None] * len(indexes))[number] = resource
    for key, members in rest.items():
        yield Entity(key, tuple(members))


def _members(plan: Plan) -> dict[str, Resource]:
    members = {key: resource for key, resource in plan.resources.items() if resource.change.action not in _GONE}
    for name, change in plan.outputs.items():
        if change.action not in _GONE:
            output = Resource(address=f"output.{name}", change=change, mode=OUTPUT, type=OUTPUT, name=name)
            members[output.address] = output
    return members
