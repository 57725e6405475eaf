"""Plans in, differences out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paritycheck.compare.align import IsSet, nothing_is_a_set
from paritycheck.compare.difference import Difference
from paritycheck.compare.edges import compare_configurations
from paritycheck.compare.entities import Entity, match_entities
from paritycheck.compare.families import Families
from paritycheck.compare.identity import Providence
from paritycheck.compare.outlines import OutlineComparison
from paritycheck.compare.redactor import Redactor
from paritycheck.compare.secrecy import secrets
from paritycheck.compare.topology import compare_topology
from paritycheck.compare.values import ValueComparison
from paritycheck.normalize import Vocabulary
from paritycheck.plan import Plan
from paritycheck.plan.jsontext import too_deep

if TYPE_CHECKING:
    from paritycheck.source import Sources


@dataclass(frozen=True)
class Comparison:
    """All that differs between plans, whether allowed or not."""

    differences: tuple[Difference, ...]
    addresses: tuple[str, ...]
    """Normalized addresses of all that was compared."""
    redactor: Redactor
    """Knows all secrets of the plans."""
    compared_values: int
    normalized: int
    """How many values agree only because an environment's name was replaced."""


def compare(
    plans: Sequence[Plan], vocabulary: Vocabulary, is_set: IsSet | None = None, sources: Sequence[Sources] | None = None
) -> Comparison:
    """Hold all plans against each other at once; `sources` tell of what no plan knows yet.

    Raises `PlanError` where a value is nested too deeply to be followed.
    """
    entities = list(match_entities(plans, vocabulary))
    providence = Providence(plans)
    is_set = is_set or nothing_is_a_set
    by_environment = {source.environment.name: source for source in sources or ()}
    try:
        vocabulary = providence.identify(entities, vocabulary)
        families = Families(entities, vocabulary)
        values = ValueComparison(plans, vocabulary, is_set, providence, families)
        outlines = OutlineComparison(plans, by_environment, vocabulary, is_set, providence=providence, families=families)
        differences = tuple(_differences(plans, entities, values, outlines, vocabulary))
        redactor = _know_secrets(plans, entities, vocabulary)
    except RecursionError as error:
        raise too_deep("A value of a plan") from error
    return Comparison(
        differences=differences,
        addresses=tuple(vocabulary.show(entity.key) for entity in entities),
        redactor=redactor,
        compared_values=values.tally.values,
        normalized=values.tally.normalized,
    )


def _differences(
    plans: Sequence[Plan], entities: Sequence[Entity], values: ValueComparison, outlines: OutlineComparison, vocabulary: Vocabulary
) -> Iterator[Difference]:
    for entity in entities:
        yield from compare_topology(entity, vocabulary)
        if None not in entity.members:
            yield from values.compare(entity)
            yield from outlines.compare(entity)
    yield from compare_configurations(plans, entities, vocabulary)


def know_secrets(plans: Sequence[Plan], vocabulary: Vocabulary) -> Redactor:
    """Return what blots the plans' secrets out, without comparing them. Raises `PlanError` as `compare` does."""
    try:
        return _know_secrets(plans, list(match_entities(plans, vocabulary)), vocabulary)
    except RecursionError as error:
        raise too_deep("A value of a plan") from error


def _know_secrets(plans: Sequence[Plan], entities: Sequence[Entity], vocabulary: Vocabulary) -> Redactor:
    return Redactor(_with_normalized(secrets(plans, entities), vocabulary))


def _with_normalized(found: Iterator[object], vocabulary: Vocabulary) -> Iterator[object]:
    """Add the form in which a report would show a secret that holds an environment's name."""
    for secret in found:
        yield secret
        if isinstance(secret, str):
            yield from (vocabulary.show(normalizer.normalize(secret)) for normalizer in vocabulary.normalizers)
