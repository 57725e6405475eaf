"""What a provider's plan says about values that the configuration does not give; the same for every provider."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paritycheck.provider.interface import UNKNOWN, Attribute, Block, NestedBlock, Object, Path, Value
from paritycheck.provider.planning.facts import NOTHING, Fact, TypeFacts
from paritycheck.provider.planning.rewriting import rewrite

_NO_FACTS: TypeFacts = {}


def plan_change(block: Block, facts: TypeFacts | None, prior: Object | None, proposed: Object, config: Object) -> Object:
    """Return the planned object of a create (no prior) or an update.

    `proposed` is Terraform's own merge of the configuration with the prior object. Defaults fill what it leaves open. A
    computed value that is open is unknown on create, and stays as the prior object has it on update, but for those that
    the facts say any update changes.
    """
    facts = facts or _NO_FACTS
    planned = _Planner(facts, create=prior is None).plan_block(block, proposed, "")
    for path, fact in facts.items():
        if fact.only_when and not all(_first(planned, other) in (UNKNOWN, *allowed) for other, allowed in fact.only_when.items()):
            _clear(planned, path.split("."))
    if prior is not None and planned != prior:
        open_names = (name for name in block.attributes if config.get(name) is None)
        planned |= {name: UNKNOWN for name in open_names if _is_recomputed(facts.get(name, NOTHING), prior, planned)}
    return planned


def _is_recomputed(fact: Fact, prior: Object, planned: Object) -> bool:
    return fact.keeps is False or any(planned.get(name) != prior.get(name) for name in fact.recomputed_by)


def find_replacements(facts: TypeFacts | None, prior: Object, planned: Object) -> list[Path]:
    """Return the paths whose change from `prior` to `planned` replaces the resource, as far as the facts know."""
    replaced = (tuple(path.split(".")) for path, fact in (facts or _NO_FACTS).items() if fact.replace)
    return [changed for steps in replaced for changed in _changes(prior, planned, steps)]


def empty_object(block: Block) -> Object:
    """Return the value of a block that sets nothing."""
    blocks: Object = {name: {"list": [], "set": [], "map": {}}.get(nested.nesting) for name, nested in block.blocks.items()}
    return dict.fromkeys(block.attributes) | blocks


@dataclass(frozen=True, slots=True)
class _Planner:
    facts: TypeFacts
    create: bool

    def plan_block(self, block: Block, value: Object, prefix: str) -> Object:
        """Plan every attribute and nested block of an object; `prefix` is its dotted path with a dot at the end."""
        planned = {name: self._plan_attribute(attribute, value.get(name), prefix + name) for name, attribute in block.attributes.items()}
        for name, nested in block.blocks.items():
            planned[name] = self._plan_nested(nested, value.get(name), prefix + name)
        return planned

    def _plan_attribute(self, attribute: Attribute, value: Value, path: str) -> Value:
        fact = self.facts.get(path, NOTHING)
        if attribute.write_only:
            return None
        if value is None:
            return self._open_value(attribute, fact)
        if self.create and value in fact.omits:
            return None
        if attribute.nested is not None:
            return self._plan_items(attribute.nested, value, path)
        if _is_objects(value):
            return [self._rewrite_object(item, path) for item in value]
        return value if fact.planned_as is None else rewrite(fact.planned_as, value)

    def _rewrite_object(self, value: Value, path: str) -> Value:
        """Rewrite what an attribute's object holds, which is no block."""
        if not isinstance(value, dict):
            return value
        ways = {name: self.facts.get(f"{path}.{name}", NOTHING).planned_as for name in value}
        return {name: item if (way := ways[name]) is None else rewrite(way, item) for name, item in value.items()}

    def _open_value(self, attribute: Attribute, fact: Fact) -> Value:
        if fact.default is not None:
            return fact.default
        return UNKNOWN if attribute.computed and self.create and not fact.known else None

    def _plan_nested(self, nested: NestedBlock, value: Value, path: str) -> Value:
        if not value and self.create and self.facts.get(path, NOTHING).computed:
            return UNKNOWN
        return self._plan_items(nested, value, path)

    def _plan_items(self, nested: NestedBlock, value: Value, path: str) -> Value:
        if isinstance(value, list):
            return [self._plan_item(nested.block, item, path) for item in value]
        if isinstance(value, dict) and nested.nesting == "map":
            return {key: self._plan_item(nested.block, item, path) for key, item in value.items()}
        return self._plan_item(nested.block, value, path)

    def _plan_item(self, block: Block, value: Value, path: str) -> Value:
        return self.plan_block(block, value, path + ".") if isinstance(value, dict) else value


def _is_objects(value: Value) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _first(planned: Value, dotted: str) -> Value:
    """Return the value of a path, of the first item of each list on the way; ``None`` for what is not there or empty."""
    for step in dotted.split("."):
        planned = planned[0] if isinstance(planned, list) and planned else planned
        planned = planned.get(step) if isinstance(planned, dict) else None
    return None if planned == [] else planned


def _clear(planned: Value, steps: Sequence[str]) -> None:
    if isinstance(planned, list):
        for item in planned:
            _clear(item, steps)
    elif isinstance(planned, dict):
        if len(steps) == 1:
            planned[steps[0]] = None
        else:
            _clear(planned.get(steps[0]), steps[1:])


def _changes(prior: Value, planned: Value, steps: tuple[str, ...]) -> Iterator[Path]:
    """Yield where `prior` and `planned` differ below the named steps; a list is entered where its length is unchanged."""
    if prior == planned:
        return
    if isinstance(prior, list) and isinstance(planned, list) and len(prior) == len(planned) and steps:
        for index, (old, new) in enumerate(zip(prior, planned, strict=True)):
            yield from ((index, *rest) for rest in _changes(old, new, steps))
    elif isinstance(prior, dict) and isinstance(planned, dict) and steps:
        yield from ((steps[0], *rest) for rest in _changes(prior.get(steps[0]), planned.get(steps[0]), steps[1:]))
    else:
        yield ()
