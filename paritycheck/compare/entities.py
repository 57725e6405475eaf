"""Which objects of the environments belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paritycheck.normalize import Normalizer, Vocabulary
from paritycheck.plan import KEY, Plan, Resource

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

    @property
    def present(self) -> list[Resource]:
        """Those that exist, in order."""
        return [member for member in self.members if member is not None]


def match_entities(plans: Sequence[Plan], vocabulary: Vocabulary) -> Iterator[Entity]:
    """Pair by address, else by its normalized keys, else by all of it normalized: a type or a block may be called like an environment.

    What is planned to be gone does not count as there.
    """
    rest = [_members(plan) for plan in plans]
    for form in (_as_it_is, _with_keys_normalized):
        named = [{form(normalizer, key): key for key in index} for normalizer, index in zip(vocabulary.normalizers, rest, strict=True)]
        common = set(named[0]).intersection(*named[1:])
        for key in named[0]:
            if key in common:
                yield Entity(key, tuple(index.pop(names[key]) for index, names in zip(rest, named, strict=True)))
    remaining: dict[str, list[Resource | None]] = {}
    for number, (normalizer, index) in enumerate(zip(vocabulary.normalizers, rest, strict=True)):
        for key, resource in index.items():
            remaining.setdefault(normalizer.normalize(key), [None] * len(rest))[number] = resource
    for key, members in remaining.items():
        yield Entity(key, tuple(members))


def _as_it_is(_normalizer: Normalizer, address: str) -> str:
    return address


def _with_keys_normalized(normalizer: Normalizer, address: str) -> str:
    return KEY.sub(lambda match: normalizer.normalize(match[0]), address)


def _members(plan: Plan) -> dict[str, Resource]:
    members = {key: resource for key, resource in plan.resources.items() if resource.change.action not in _GONE}
    for name, change in plan.outputs.items():
        if change.action not in _GONE:
            output = Resource(address=f"output.{name}", change=change, mode=OUTPUT, type=OUTPUT, name=name)
            members[output.address] = output
    return members
