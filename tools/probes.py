"""What a provider plans for a new resource of one type: for what is omitted, empty or untidy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from paritycheck.provider.interface import UNKNOWN
from paritycheck.provider.planning.rewriting import REWRITES
from tools.configurations import SEEDS, Values, bare, build, minimal, only
from tools.oracle import NESTING, Answer, Oracle, OracleError, cty

UNTIDY = ('{"b": 1, "Version": "2012-10-17", "Statement": "<x>"}', " ExamplE ", "ExamplE.", "6", "aGVsbG8=")
"""Texts that a provider may tidy up, each telling apart some of the ways."""


def learn_plans(provider: Oracle, kind: str, block: Any, chains: list[str], values: Values) -> dict[str, dict[str, Any]]:
    """Return what is planned for omitted attributes and blocks."""
    facts: dict[str, dict[str, Any]] = {}
    for chain in chains:
        config, answer = ask(provider, kind, block, chain, values)
        if answer is None or answer.planned is None:
            continue
        observed = observe(block, config, answer.planned, legacy=answer.legacy)
        facts |= {path: fact for path, fact in observed if path.rpartition(".")[0] == chain}
    return facts


def ask(provider: Oracle, kind: str, block: Any, chain: str, values: Values) -> tuple[Any, Answer | None]:
    """Return a configuration with the blocks on the way to `chain`, and its plan: the realistic one, else a bare one."""
    for choose, present in (minimal(values, chain), bare(chain)):
        config = build(block, choose, present) | SEEDS.get(kind, {})
        try:
            answer = provider.plan(kind, config)
        except OracleError:
            continue
        if not answer.errors:
            return config, answer
    return None, None


def observe(
    block: Any, config: Any, planned: Any, prefix: str = "", *, legacy: bool, in_set: bool = False
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the fact about each attribute and block that `config` omits; an empty fact says: nothing special."""
    for attribute in block.attributes:
        path, value = prefix + attribute.name, planned[attribute.name]
        if config[attribute.name] is None and not (attribute.required or (attribute.name in {"id", "tags_all"} and legacy)):
            yield path, omitted(attribute, value, zero=legacy and in_set)
    for nested in block.block_types:
        path, value, given = prefix + nested.type_name, planned[nested.type_name], config[nested.type_name]
        kind = NESTING[nested.nesting]
        if not given:
            yield path, {"computed": True if value is UNKNOWN else None} | ({} if value in (UNKNOWN, None, [], {}) else {"default": value})
        elif (inner := only(value)) is not None:
            yield from observe(nested.block, only(given), inner, f"{path}.", legacy=legacy, in_set=in_set or kind == "set")


def omitted(attribute: Any, value: Any, *, zero: bool) -> dict[str, Any]:
    """Return the fact about an omitted attribute that is planned as `value`; `zero`: a legacy set makes empty texts of nothing."""
    if value is UNKNOWN:
        return {"default": None, "null_when": {}} if attribute.computed else {"computed": True, "default": None}
    if attribute.computed:
        return {"default": None, "null_when": {"default": value}}
    return {"computed": None, "default": None if zero and value in ("", []) else value}


def learn_empty(provider: Oracle, kind: str, block: Any, chains: list[str], values: Values) -> dict[str, dict[str, Any]]:
    """Return which top-level texts are planned as empty, though they may be computed, where they are configured so."""
    del chains
    names = {a.name for a in block.attributes if a.optional and a.computed and a.name != "id" and cty(a) == "string"}
    config = build(block, *minimal(values)) | SEEDS.get(kind, {}) | dict.fromkeys(names, "")
    answer = provider.plan(kind, config)
    if answer.errors or not answer.legacy:
        return {}
    return {name: {"keeps_empty": True} for name in names if answer.planned[name] == ""}


def learn_rewritings(provider: Oracle, kind: str, block: Any, chains: list[str], values: Values) -> dict[str, dict[str, Any]]:
    """Return how the plan writes configured texts, where it rewrites them in a way that is known."""
    seen: dict[str, list[tuple[str, str]]] = {}
    for chain in chains:
        choose_plain, present = minimal(values, chain)
        for text in UNTIDY:

            def choose(attribute: Any, path: str, text: str = text, chain: str = chain, plain: Any = choose_plain) -> Any:
                free = path.rpartition(".")[0] == chain and (attribute.optional or attribute.required) and path != "id"
                free = free and cty(attribute) == "string" and "one_of" not in values.rules.get(path, {})
                return text if free else plain(attribute, path)

            config = build(block, choose, present)
            try:
                answer = provider.plan(kind, config)
            except OracleError:
                continue
            if not answer.errors:
                for path, before, after in texts(block, config, answer.planned):
                    seen.setdefault(path, []).append((before, after))
    return {path: {"planned_as": name} for path, pairs in seen.items() if (name := rewriting(pairs))}


def texts(block: Any, config: Any, planned: Any, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield (path, configured, planned) of each text that is known in both."""
    for attribute in block.attributes:
        before, after = config[attribute.name], planned[attribute.name]
        if isinstance(before, str) and isinstance(after, str):
            yield prefix + attribute.name, before, after
    for nested in block.block_types:
        before, after = only(config[nested.type_name]), only(planned[nested.type_name])
        if before is not None and after is not None:
            yield from texts(nested.block, before, after, f"{prefix}{nested.type_name}.")


def rewriting(pairs: list[tuple[str, str]]) -> str | None:
    """Return the name of the rewriting that explains all pairs, where some text was rewritten."""
    if all(before == after for before, after in pairs):
        return None
    return next((name for name, rewrite in REWRITES.items() if all(rewrite(before) == after for before, after in pairs)), None)
