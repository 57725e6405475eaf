"""Plans in, topology out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from paritycheck.compare import Entity, IsSet, PlannedValues, Providence, Redactor, match_entities
from paritycheck.findings import Special, by_size
from paritycheck.graph.flows import Flows, Pair
from paritycheck.graph.mentions import mentioned, name_of
from paritycheck.graph.order import order_services
from paritycheck.graph.references import refer
from paritycheck.graph.services import service_of
from paritycheck.inert import shorten
from paritycheck.normalize import Vocabulary
from paritycheck.plan import KEY, Plan, static_address
from paritycheck.plan.jsontext import too_deep
from paritycheck.topology import Attribute, Edge, Node, Topology

if TYPE_CHECKING:
    from paritycheck.source import Sources

_MODULE = re.compile(r'(?:module\.[^.\[]+(?:\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])?\.)*')
"""The module at the start of an address."""
_TEXT = 600
"""Characters of a text, and of a larger value as JSON, that are kept for a look at it."""


@dataclass(frozen=True, slots=True)
class _Stack:
    plans: Sequence[Plan]
    vocabulary: Vocabulary
    redactor: Redactor


def build_topology(
    plans: Sequence[Plan],
    vocabulary: Vocabulary,
    redactor: Redactor,
    *,
    is_set: IsSet | None = None,
    sources: Sequence[Sources] | None = None,
) -> Topology:
    """Return all resources of the plans and what refers to what in any of them; `sources` tell what is behind local values.

    No secret that the redactor knows is in it. Raises `PlanError` where a value is nested too deeply to be followed.
    """
    entities = [entity for entity in match_entities(plans, vocabulary) if entity.first.mode in {"managed", "data"}]
    stack = _Stack(plans, Providence(plans).identify(entities, vocabulary), redactor)
    values = PlannedValues(plans, stack.vocabulary, is_set)
    try:
        nodes = {node.address: node for node in (_node(entity, values, stack) for entity in entities)}
    except RecursionError as error:
        raise too_deep("A value of a plan") from error
    pairs = {pair: sure for pair, sure in _pairs(entities, stack, sources) if pair[0] in nodes and pair[1] in nodes}
    flows = Flows(nodes, [pair for pair, sure in pairs.items() if sure], _mentions(entities, stack)).find()
    services = order_services(Counter(service_of(node.type) for node in nodes.values()), _between_services(flows, nodes))
    ranks = {service.name: rank for rank, service in enumerate(services)}
    ordered = sorted(nodes.values(), key=lambda node: (ranks[node.service], by_size(node.address)))
    places = {node.address: place for place, node in enumerate(ordered)}
    return Topology(
        environments=vocabulary.environments,
        services=services,
        nodes=tuple(ordered),
        edges=_sorted(pairs, places),
        flows=_sorted(flows, places),
    )


def _sorted(pairs: Iterable[Pair], places: Mapping[str, int]) -> tuple[Edge, ...]:
    return tuple(Edge(*pair) for pair in sorted(pairs, key=lambda pair: (places[pair[0]], places[pair[1]])))


def _node(entity: Entity, values: PlannedValues, stack: _Stack) -> Node:
    first = entity.first
    address = _address(entity, stack)
    module = _MODULE.match(address)
    members = zip(stack.vocabulary.environments, entity.members, strict=True)
    key = KEY.findall(address)[-1:] if first.index is not None else []
    return Node(
        address=address,
        block=static_address(address),
        mode=first.mode,
        type=first.type,
        name=stack.redactor.redact(first.name),
        key=_plain_key(key[0]) if key else "",
        module=module[0].removesuffix(".") if module and first.module_address else "",
        service=service_of(first.type).name,
        actions={name: member.change.action for name, member in members if member is not None},
        attributes=tuple(_clean(attribute, stack.redactor) for attribute in values.attributes(entity)),
    )


def _address(entity: Entity, stack: _Stack) -> str:
    address: str = stack.redactor.redact(stack.vocabulary.show(entity.key))
    return address


def _plain_key(key: str) -> str:
    return key[1:-1].removeprefix('"').removesuffix('"')


def _clean(attribute: Attribute, redactor: Redactor) -> Attribute:
    return replace(
        attribute,
        path=redactor.redact(attribute.path),
        value=_bounded(redactor.redact(attribute.value)),
        values={name: _bounded(redactor.redact(value)) for name, value in attribute.values.items()},
    )


def _bounded(value: Any) -> Any:
    """Return a value that a person can look at: of a long one, the start and the end."""
    if isinstance(value, str):
        return shorten(value, _TEXT)
    if not isinstance(value, dict | list):
        return value
    text = json.dumps(value, ensure_ascii=False, default=_written)
    return value if len(text) <= _TEXT else shorten(text, _TEXT)


def _written(value: Any) -> str:
    return f"({value.value})" if isinstance(value, Special) else str(value)


def _pairs(entities: Sequence[Entity], stack: _Stack, sources: Sequence[Sources] | None) -> Iterator[tuple[Pair, bool]]:
    """Yield what refers to what, by normalized address, and whether it is sure; each configuration is asked once for a resource."""
    by_environment = {source.environment.name: source for source in sources or ()}
    asked: set[tuple[bytes, str]] = set()
    for number, plan in enumerate(stack.plans):
        addresses = {member.address: _address(entity, stack) for entity in entities if (member := entity.members[number]) is not None}
        configuration = bytes(plan.raw_configuration)
        new = {address for address, shared in addresses.items() if (configuration, shared) not in asked}
        asked.update((configuration, addresses[address]) for address in new)
        for referral in refer(plan, by_environment.get(plan.environment), new):
            yield (addresses[referral.source.address], addresses[referral.target.address]), referral.sure


def _mentions(entities: Sequence[Entity], stack: _Stack) -> dict[str, list[str]]:
    """Return what the policies among the resources name, by normalized address, as the first plan that has them does."""
    firsts = [next((plan, member) for plan, member in zip(stack.plans, each.members, strict=True) if member) for each in entities]
    # A parameter group may be called as its cluster is, which a policy is rather about.
    by_length = sorted(zip(entities, firsts, strict=True), key=lambda each: -len(each[1][1].type))
    known = {name: entity for entity, first in by_length if (name := name_of(*first))}
    return {
        _address(entity, stack): [_address(known[name], stack) for name in mentioned(member, known)]
        for entity, (_, member) in zip(entities, firsts, strict=True)
        if service_of(member.type).name == "IAM"
    }


def _between_services(flows: Iterable[Pair], nodes: Mapping[str, Node]) -> Mapping[Pair, int]:
    """Count what goes from one service to another; instances of one block count once."""
    blocks = {(nodes[source].block, nodes[target].block): (nodes[source].service, nodes[target].service) for source, target in flows}
    return Counter(services for services in blocks.values() if services[0] != services[1])
