"""Resources that exist once for each environment, in every environment: their keys name environments by right.

A `for_each` over dev, staging and prod gives the same three instances everywhere, and the values of `x["dev"]` may say dev.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from paritycheck.compare.entities import Entity
from paritycheck.normalize import Vocabulary
from paritycheck.plan import static_address

Mentions = frozenset[tuple[str, int]]


class Families:
    """Tells which environments an object's own key names by right."""

    def __init__(self, entities: Iterable[Entity], vocabulary: Vocabulary) -> None:
        """Take all objects; they are looked at only when somebody asks."""
        self._entities = entities
        self._vocabulary = vocabulary

    def named(self, entity: Entity) -> Mentions:
        """Return what the key names, where the keys of its family name all environments; nothing otherwise."""
        own = self._key_mentions(entity)
        family = self._by_family.get(static_address(entity.key), frozenset())
        labels = {label for label, _ in own}
        everybody = {(label, number) for label in labels for number in range(len(entity.members))}
        return own if everybody <= family else frozenset()

    @cached_property
    def _by_family(self) -> Mapping[str, Mentions]:
        families: dict[str, Mentions] = {}
        for entity in self._entities:
            if mentions := self._key_mentions(entity):
                name = static_address(entity.key)
                families[name] = families.get(name, frozenset()) | mentions
        return families

    def _key_mentions(self, entity: Entity) -> Mentions:
        keys = {member.index if member else None for member in entity.members}
        key = keys.pop()
        return self._vocabulary.mentions(key) if not keys and isinstance(key, str) else frozenset()
