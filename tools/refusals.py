"""What a provider refuses of one resource type: its rules, learned from bad values and from combinations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tools.complaints import alternatives, complained
from tools.configurations import Choose, Rules, Values, bare, build, build_block, filled, leaf, minimal, spread
from tools.oracle import Complaint, Oracle, OracleError, cty

BAD_VALUES: tuple[tuple[str, int], ...] = (("!bad!", -987654321), ("", 987654321), ("x" * 100_000, 1))
"""Texts and numbers that few attributes accept."""

MOST_COMPLAINTS = 100
"""From about this number of complaints on, the provider leaves out others, by chance."""


def refusals(provider: Oracle, kind: str, block: Any, chains: list[str]) -> Iterator[list[Complaint]]:
    """Yield the complaints about configurations that hold a bad value everywhere."""
    for text, number in BAD_VALUES:

        def choose(attribute: Any, _path: str, text: str = text, number: int = number) -> Any:
            readonly = attribute.computed and not attribute.optional
            return None if readonly or attribute.name == "id" else spread(cty(attribute), lambda kind, _: leaf(kind, text, number))

        try:
            yield from complaints_about(provider, kind, block, chains, choose)
        except OracleError:
            continue


def complaints_about(provider: Oracle, kind: str, block: Any, chains: list[str], choose: Choose) -> Iterator[list[Complaint]]:
    """Yield the complaints about chosen values: at once, or a block at a time where the provider stops counting."""
    known = set(chains)
    found = provider.validate(kind, build(block, choose, lambda _nested, path: path in known))
    if len(found) < MOST_COMPLAINTS:
        yield found
        return
    for chain in chains:

        def choose_here(attribute: Any, path: str, chain: str = chain) -> Any:
            return choose(attribute, path) if path.rpartition(".")[0] == chain else None

        yield provider.validate(kind, build(block, choose_here, bare(chain)[1]))


def learn_case(provider: Oracle, kind: str, block: Any, rules: Rules, types: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return which of the enumerations in `rules` accept their values in any case; `types` has the paths looked into."""
    texts = {path: rule["one_of"][0] for path, rule in rules.items() if isinstance(rule.get("one_of", [0])[0], str)}
    swapped = {path: text.swapcase() for path, text in texts.items() if text.swapcase() not in rules[path]["one_of"]}

    def choose(attribute: Any, path: str) -> Any:
        return spread(cty(attribute), lambda _kind, _path: swapped[path]) if path in swapped else None

    chains = sorted({path.rpartition(".")[0] for path in swapped})
    found = complaints_about(provider, kind, block, with_outer(chains), choose) if swapped else ()
    refused = {path for complaints in found for path in complained(complaints, types)}
    return {path: {"ignore_case": True} for path in swapped.keys() - refused}


def with_outer(chains: list[str]) -> list[str]:
    """Return paths of blocks with those of the blocks around them."""
    return sorted({".".join(chain.split(".")[:length]) for chain in chains for length in range(chain.count(".") + 2)})


def learn_alternatives(provider: Oracle, kind: str, block: Any, chains: list[str], values: Values) -> dict[str, dict[str, Any]]:
    """Return which top-level arguments exclude or need each other."""
    del chains
    told: dict[str, dict[str, set[str]]] = {}
    everything = build(block, *filled(values, ""))
    everything |= {nested.type_name: build_block(nested, values) for nested in block.block_types if nested.type_name != "timeouts"}
    lean = build(block, *minimal(values))
    configs = [everything, lean]
    configs += [lean | {name: value} for name, value in everything.items() if value is not None and lean[name] in (None, [])]
    for config in configs:
        record(told, provider.validate(kind, config))
    for path, forms in list(told.items()):
        exclude(provider, kind, everything, path, forms)
    return {path: {key: sorted(paths) for key, paths in forms.items()} for path, forms in told.items() if forms}


def record(told: dict[str, dict[str, set[str]]], complaints: list[Complaint]) -> None:
    """Add what complaints tell about arguments to what is known; who wants exactly one wants at least one."""
    for path, form, paths in alternatives(complaints):
        forms = told.setdefault(path, {})
        if form == "at_least_one_of" and "exactly_one_of" in forms:
            continue
        if form == "exactly_one_of":
            forms.pop("at_least_one_of", None)
        forms.setdefault(form, set()).update(paths)


def exclude(provider: Oracle, kind: str, everything: Any, path: str, forms: dict[str, set[str]]) -> None:
    """Find the other conflicts of a top-level argument: the provider names one at a time."""
    config = dict(everything)
    while found := forms.get("conflicts_with"):
        for name in found:
            if "." not in name:
                config[name] = [] if isinstance(config.get(name), list) else None
        more = {
            name
            for other, form, paths in alternatives(provider.validate(kind, config))
            if (other, form) == (path, "conflicts_with")
            for name in paths
        }
        if more <= found:
            return
        found |= more
