"""The plans as checkov's process gets them: what checks look at, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from paritycheck.plan import Plan, static_address
from paritycheck.policy.checkov.foresight import foresee
from paritycheck.policy.privilege.stack import Stack
from paritycheck.source import Sources
from paritycheck.wiring import Wiring, managed_and_read


def write_request(plans: Sequence[Plan], known: Iterable[str], sources: Sequence[Sources] = ()) -> bytes:
    """Write the plans as one JSON document; `known` are ids of which to tell whether checkov has such a check.

    `sources` tell what local values refer to, and what unknown values will be. Known values stay the bytes that Terraform wrote.
    """
    by_name = {source.environment.name: source for source in sources}
    wirings: dict[bytes, tuple[int, Wiring]] = {}
    documents = []
    for plan in plans:
        configuration = bytes(plan.raw_configuration)
        if configuration not in wirings:
            wirings[configuration] = len(wirings), Wiring(plan.configuration, by_name.get(plan.environment))
        number, wiring = wirings[configuration]
        resources = managed_and_read(plan)
        edges = wiring.edges(resources) if plan.has_configuration else None
        stack = Stack(plan, by_name.get(plan.environment))
        entries = [_entry(resource) | {"foreseen": foresee(stack, plan, resource)} for resource in resources]
        documents.append({"references": number, "resources": entries, "edges": edges})
    trees = [wiring.trees for _, wiring in wirings.values()]
    return msgspec.json.encode({"plans": documents, "references": trees, "known": sorted(set(known))})


def _entry(resource: Any) -> dict[str, Any]:
    change = resource.change
    return {
        "address": resource.address,
        "block": static_address(resource.address),
        "type": resource.type,
        "name": resource.name,
        "managed": resource.managed,
        "actions": change.actions,
        "values": change.after,
        "unknown": change.after_unknown,
    }
