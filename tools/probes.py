"""Questions to a provider about one resource type, and what its answers prove."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from paritycheck.provider.interface import UNKNOWN
from paritycheck.provider.rewriting import REWRITES
from tools.complaints import alternatives, complained
from tools.configurations import Rules, Values, bare, build, filled, minimal, spread
from tools.oracle import NESTING, Answer, Complaint, Oracle, OracleError, cty, wrap

BAD_VALUES: tuple[tuple[str, int], ...] = (("!bad!", -987654321), ("", 987654321), ("x" * 100_000, 1))
"""Texts and numbers that few attributes accept."""

UNTIDY = ('{"b": 1, "Version": "2012-10-17", "Statement": "<x>"}', " ExamplE ", "ExamplE.", "6", "aGVsbG8=")
"""Texts that a provider may tidy up, each telling apart some of the ways."""

SEEDS: dict[str, dict[str, Any]] = {
    "aws_dynamodb_table": {
        "attribute": [{"name": "id", "type": "S"}],
        "billing_mode": "PAY_PER_REQUEST",
        "hash_key": "id",
    },
    "aws_kinesis_stream": {"shard_count": 1},
    "aws_lambda_function": {"handler": "example.handler", "runtime": "python3.12"},
    "aws_alb_target_group": {"port": 80, "protocol": "HTTP", "vpc_id": "vpc-12345678"},
    "aws_lb_target_group": {"port": 80, "protocol": "HTTP", "vpc_id": "vpc-12345678"},
    "aws_api_gateway_authorizer": {"authorizer_uri": "arn:aws:apigateway:us-east-1:lambda:path/example"},
    "aws_kinesis_firehose_delivery_stream": {"destination": "http_endpoint"},
    "aws_lightsail_instance": {"availability_zone": "us-east-1a"},
    "aws_workspaces_directory": {"directory_id": "d-1234567890"},
}
"""Arguments without which a type's own checks refuse every plan."""


def refusals(provider: Oracle, kind: str, block: Any, chains: list[str]) -> Iterator[list[Complaint]]:
    """Yield the complaints about configurations that hold a bad value everywhere."""
    known = set(chains)
    for text, number in BAD_VALUES:

        def choose(attribute: Any, _path: str, text: str = text, number: int = number) -> Any:
            readonly = attribute.computed and not attribute.optional
            return None if readonly or attribute.name == "id" else spread(cty(attribute), lambda kind, _: leaf(kind, text, number))

        try:
            yield provider.validate(kind, build(block, choose, lambda _nested, path: path in known))
        except OracleError:
            continue


def leaf(kind: str, text: str, number: int) -> Any:
    """Return the value of a simple type."""
    return {"string": text, "number": number, "bool": True}.get(kind)


def learn_case(provider: Oracle, kind: str, block: Any, rules: Rules, types: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return which of the enumerations in `rules` accept their values in any case; `types` has the paths looked into."""
    texts = {path: rule["one_of"][0] for path, rule in rules.items() if isinstance(rule.get("one_of", [0])[0], str)}
    swapped = {path: text.swapcase() for path, text in texts.items() if text.swapcase() not in rules[path]["one_of"]}

    def choose(attribute: Any, path: str) -> Any:
        return spread(cty(attribute), lambda _kind, _path: swapped[path]) if path in swapped else None

    def present(_nested: Any, path: str) -> bool:
        return any(other.startswith(f"{path}.") for other in swapped)

    complaints = provider.validate(kind, build(block, choose, present)) if swapped else []
    return {path: {"ignore_case": True} for path in swapped.keys() - complained(complaints, types)}


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


def only(value: Any) -> dict[str, Any] | None:
    """Return the single object of a nested block's value, or ``None`` where there is no such."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if isinstance(value, dict) and set(value) == {"a"}:
        value = value["a"]
    return value if isinstance(value, dict) else None


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


def learn_empty(provider: Oracle, kind: str, block: Any, chains: list[str], values: Values) -> dict[str, dict[str, Any]]:
    """Return which top-level texts are planned as empty, though they may be computed, where they are configured so."""
    del chains
    names = {a.name for a in block.attributes if a.optional and a.computed and a.name != "id" and cty(a) == "string"}
    config = build(block, *minimal(values)) | SEEDS.get(kind, {}) | dict.fromkeys(names, "")
    answer = provider.plan(kind, config)
    if answer.errors or not answer.legacy:
        return {}
    return {name: {"keeps_empty": True} for name in names if answer.planned[name] == ""}


def rewriting(pairs: list[tuple[str, str]]) -> str | None:
    """Return the name of the rewriting that explains all pairs, where some text was rewritten."""
    if all(before == after for before, after in pairs):
        return None
    return next((name for name, rewrite in REWRITES.items() if all(rewrite(before) == after for before, after in pairs)), None)


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


def build_block(nested: Any, values: Values) -> Any:
    """Return a nested block's value with all its required attributes."""
    content = build(nested.block, *minimal(values), f"{nested.type_name}.")
    return content if NESTING[nested.nesting] in {"single", "group"} else [content] if NESTING[nested.nesting] != "map" else {"a": content}


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
