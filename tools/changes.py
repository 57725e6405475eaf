"""What changing an existing resource of one type does: what is replaced, and what becomes unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from paritycheck.provider.interface import UNKNOWN
from tools.configurations import SEEDS, Values, build, build_block, filled, leaf, minimal, only, spread
from tools.oracle import Answer, Oracle, OracleError, cty, wrap


def learn_replacements(provider: Oracle, kind: str, block: Any, chains: list[str], values: Values) -> dict[str, dict[str, Any]]:
    """Return which attributes' change replaces the resource, as far as changing a whole block at once tells."""
    facts: dict[str, dict[str, Any]] = {}
    for chain in chains:
        seeds = SEEDS.get(kind, {})
        before = build(block, *filled(values, chain)) | seeds
        after = build(block, *filled(replace(values, other=True), chain)) | seeds
        after = keep_outside(block, before, after, chain)
        prior = complete(block, before)
        try:
            answer = provider.plan(kind, after, prior=prior, proposed=complete(block, after))
        except OracleError:
            continue
        if answer.errors:
            continue
        for path in {".".join(step for step in steps if isinstance(step, str)) for steps in answer.replace}:
            if path.rpartition(".")[0] == chain:
                facts[path] = {"replace": True}
    return facts


def keep_outside(block: Any, before: Any, after: Any, chain: str, prefix: str = "") -> Any:
    """Return `after` with the attributes outside of the block `chain` as they were."""
    value = {a.name: (after if prefix.rstrip(".") == chain else before)[a.name] for a in block.attributes}
    for nested in block.block_types:
        name = nested.type_name
        inner_before, inner_after = only(before[name]), only(after[name])
        if inner_before is None or inner_after is None:
            value[name] = before[name]
            continue
        inner = keep_outside(nested.block, inner_before, inner_after, chain, f"{prefix}{name}.")
        value[name] = rewrap(before[name], inner)
    return value


def rewrap(like: Any, inner: Any) -> Any:
    """Return a single object in the shape of another nested block's value."""
    if isinstance(like, list):
        return [inner]
    return {"a": inner} if set(like) == {"a"} and isinstance(like["a"], dict) else inner


def complete(block: Any, config: Any) -> Any:
    """Return the object as if it existed: what is computed and open has some value."""
    value = dict(config)
    for attribute in block.attributes:
        if value[attribute.name] is None and attribute.computed:
            value[attribute.name] = spread(cty(attribute), lambda kind, _: leaf(kind, "known", 1))
    for nested in block.block_types:
        name = nested.type_name
        if (inner := only(value[name])) is not None:
            value[name] = rewrap(value[name], complete(nested.block, inner))
    return value


def learn_changes(provider: Oracle, kind: str, block: Any, chains: list[str], values: Values) -> dict[str, dict[str, Any]]:
    """Return what changing one top-level argument at a time does: replace the resource, or make computed values unknown."""
    del chains
    facts: dict[str, dict[str, Any]] = {}
    recomputed: dict[str, set[str]] = {}
    harmless = set()
    for name, answer in single_changes(provider, kind, block, values):
        if (name,) in answer.replace:
            facts[name] = {"replace": True}
        if not answer.replace:
            harmless.add(name)
            for attribute in block.attributes:
                if attribute.computed and answer.planned[attribute.name] is UNKNOWN and attribute.name not in {name, "tags_all"}:
                    recomputed.setdefault(attribute.name, set()).add(name)
    for path, names in recomputed.items():
        facts.setdefault(path, {}).update({"keeps": False} if names == harmless else {"recomputed_by": sorted(names)})
    return facts


def single_changes(provider: Oracle, kind: str, block: Any, values: Values) -> Iterator[tuple[str, Answer]]:
    """Yield each argument whose change alone can be planned, and the plan."""
    lean = build(block, *minimal(values)) | SEEDS.get(kind, {})
    arguments = {a.name: a for a in block.attributes if (a.optional or a.required) and a.name not in {"id", "tags_all"}}
    old = {name: values.make(name, cty(attribute)) for name, attribute in arguments.items()}
    new = {name: replace(values, other=True).make(name, cty(attribute)) for name, attribute in arguments.items()}
    for nested in block.block_types:
        if nested.type_name != "timeouts" and not lean[nested.type_name]:
            old[nested.type_name], new[nested.type_name] = lean[nested.type_name], build_block(nested, values)
    for name, value in old.items():
        try:
            created = provider.plan(kind, lean | {name: value})
            prior = exist(block, created.planned or lean | {name: value})
            proposed = prior | lean_proposal(block, lean) | {name: new[name]}
            answer = provider.plan(kind, lean | {name: new[name]}, prior=prior, proposed=proposed)
        except OracleError:
            continue
        if not (created.errors or answer.errors or answer.planned is None or value == new[name]):
            yield name, answer


def exist(block: Any, planned: Any) -> Any:
    """Return a planned object as if it existed: every unknown value is known, and empty where it may be."""
    value = {a.name: known(a, planned[a.name]) for a in block.attributes}
    for nested in block.block_types:
        items = planned[nested.type_name]
        if isinstance(items, list):
            value[nested.type_name] = [exist(nested.block, item) for item in items if isinstance(item, dict)]
        else:
            value[nested.type_name] = items if isinstance(items, dict) else wrap(nested, None)
    return value


def known(attribute: Any, value: Any) -> Any:
    """Return an attribute's value, or one for it where it is unknown: nothing that says much where it may be configured."""
    if value is not UNKNOWN:
        return value
    kind = cty(attribute)
    if not isinstance(kind, str):
        return {} if kind[0] == "map" else []
    return leaf(kind, "known", 1) if attribute.name == "id" or not attribute.optional else {"string": "", "number": 0, "bool": False}[kind]


def lean_proposal(block: Any, lean: Any) -> dict[str, Any]:
    """Return what a configuration proposes for an existing object: what it sets, and nothing where it could have."""
    optional = {a.name for a in block.attributes if not a.computed}
    return {name: value for name, value in lean.items() if value is not None and (value != [] or name in optional)} | {
        name: None for name in optional if lean[name] is None
    }
