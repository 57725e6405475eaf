"""Changes that mean nothing, or that rules allow: parity must not say a word."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from paritycheck.allowlist import AllowRule, Order
from tests.drift import Document, Documents, Generator, Mutant, Site, Stack, edit, find, marks, put
from tests.drift_values import like, ordered, other, together

# How a document is written -------------------------------------------------------------------------------------------


def rewritten_documents(stack: Stack, count: int) -> Iterator[Mutant]:
    """Change what a document says beside the plan, or the order of what it lists."""
    kinds: list[tuple[str, Callable[[Document], object]]] = [
        ("resources shuffled", lambda document: stack.random.shuffle(document["resource_changes"])),
        ("data sources shuffled", lambda document: stack.random.shuffle(document["prior_state"]["values"]["root_module"]["resources"])),
        ("keys sorted", _sort_keys),
        ("keys reversed", _reverse_keys),
        ("other timestamp", lambda document: document.update(timestamp="2031-01-01T00:00:00Z")),
        ("key of a later format", lambda document: document.update(later={"environment": "prod"}, format_version="1.9")),
        ("relevant attributes left out", lambda document: document.pop("relevant_attributes", None)),
    ]
    for index in range(count):
        kind, change = kinds[index % len(kinds)]
        environment = stack.random.choice(stack.environments)

        def apply(documents: Documents, environment: str = environment, change: Any = change) -> None:
            change(documents[environment])

        yield Mutant(kind, environment, apply)


def _sort_keys(document: Document) -> None:
    content = json.loads(json.dumps(document, sort_keys=True))
    document.clear()
    document.update(content)


def _reverse_keys(document: Document) -> None:
    content = json.loads(json.dumps(document), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    document.clear()
    document.update(content)


def written_marks(stack: Stack, count: int) -> Iterator[Mutant]:
    """Write out in one environment what others leave out: that an attribute is known, that it is no secret, that it is null."""
    for site in stack.pick(lambda site: len(site.steps) == 1 and not site.inner, count):
        kind = (
            stack.random.choice(["known", "no secret", "null left out"])
            if site.value is None
            else stack.random.choice(["known", "no secret"])
        )

        def apply(documents: Documents, site: Site = site, kind: str = kind) -> None:
            change = find(documents[site.environment], site.address)["change"]
            if kind == "null left out":
                del change["after"][site.steps[0]]
            else:
                marked = change["after_unknown" if kind == "known" else "after_sensitive"]
                if isinstance(marked, dict):
                    marked.setdefault(site.steps[0], False)

        yield Mutant(kind, site.environment, apply, site.address, site.path)


# How a value is written ----------------------------------------------------------------------------------------------


def reindented_strings(stack: Stack, count: int) -> Iterator[Mutant]:
    """Indent a JSON string otherwise, or order its keys otherwise, in one environment."""
    for site in stack.pick(_is_json, count):
        style: Mapping[str, Any] = stack.random.choice([{"indent": 1}, {"indent": 4}, {"separators": (",", ":")}, {"sort_keys": True}])
        yield Mutant(
            "JSON written otherwise", site.environment, put(site, json.dumps(json.loads(site.value), **style)), site.address, site.path
        )


def _is_json(site: Site) -> bool:
    if site.inner or not isinstance(site.value, str) or not site.value.startswith(("{", "[")):
        return False
    try:
        return bool(json.loads(site.value))
    except ValueError:
        return False


def rewritten_policies(stack: Stack, count: int) -> Iterator[Mutant]:
    """Reorder a policy's statements and their lists, write a single action as a list, a list of one without it."""
    for site in stack.pick(lambda site: _is_json(site) and "Statement" in json.loads(site.value), count):
        policy = json.loads(site.value)
        statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        stack.random.shuffle(statements)
        for statement in statements:
            _rewrite(stack, statement)
        policy["Statement"] = statements[0] if len(statements) == 1 and stack.random.random() < 0.5 else statements
        yield Mutant("policy rewritten", site.environment, put(site, json.dumps(policy)), site.address, site.path)


def _rewrite(stack: Stack, statement: Document) -> None:
    lists = [(statement, key) for key in ("Action", "Resource", "NotAction", "NotResource") if key in statement]
    lists += [(operands, key) for operands in statement.get("Condition", {}).values() for key in operands]
    lists += [(statement["Principal"], key) for key in statement.get("Principal", ()) if isinstance(statement["Principal"], dict)]
    for above, key in lists:
        value = above[key]
        if not isinstance(value, list):
            above[key] = [value]
        elif len(value) == 1:
            above[key] = value[0]
        else:
            stack.random.shuffle(value)


def reordered_sets(stack: Stack, count: int) -> Iterator[Mutant]:
    """List the members of a set in another order."""

    def wanted(site: Site) -> bool:
        several = not site.inner and isinstance(site.value, list) and len({json.dumps(item, sort_keys=True) for item in site.value}) > 1
        return several and stack.is_set(site.type, site.steps)

    for site in stack.pick(wanted, count):

        def apply(documents: Documents, site: Site = site) -> None:
            edit(site, lambda above, key: above[key].reverse())(documents)
            marks(documents[site.environment], site, list.reverse)

        yield Mutant("set reordered", site.environment, apply, site.address, site.path)


# The same everywhere -------------------------------------------------------------------------------------------------

NAMES = (
    "tap-{0}",
    "{0}.pos.example.com",
    "arn:aws:sqs:eu-west-1:123456789012:tap-{0}-x",
    "TAP_{1}",
    "/aws/{0}/x",
    "https://x/{0}?a={1}",
    "{2} stage",
)


def own_names(stack: Stack, count: int) -> Iterator[Mutant]:
    """Put each environment's own name into the same place everywhere."""
    for site, _ in _alike(stack, lambda site: isinstance(site.value, str), count):
        form = stack.random.choice(NAMES)
        changes = [put(site, form.format(name, name.upper(), name.capitalize()), name) for name in stack.environments]
        yield Mutant("own name everywhere", "*", together(changes), site.address, site.path, detail=form)


def own_names_added(stack: Stack, count: int) -> Iterator[Mutant]:
    """Append each environment's own name to the text that is there, as a longer name does."""
    for site, values in _alike(stack, lambda site: isinstance(site.value, str) and not site.value.startswith(("{", "[")), count):
        changes = [put(site, f"{value}-{name}", name) for name, value in zip(stack.environments, values, strict=True)]
        yield Mutant("own name added", "*", together(changes), site.address, site.path, detail=str(values[0])[:60])


def same_changes(stack: Stack, count: int) -> Iterator[Mutant]:
    """Make the same change in all environments."""
    for site, values in _alike(stack, lambda site: not isinstance(site.value, list | dict) and not _is_json(site), count):
        new = [f"{value}-more" if isinstance(value, str) else other(value) for value in values]
        changes = [put(site, value, name) for name, value in zip(stack.environments, new, strict=True)]
        yield Mutant("same change everywhere", "*", together(changes), site.address, site.path, detail=f"{values[0]!r:.60}")


def _alike(stack: Stack, wanted: Callable[[Site], bool], count: int) -> Iterator[tuple[Site, list[Any]]]:
    """Draw places that are there in all environments, and no member of a set, which may stand elsewhere in another environment."""
    first = stack.environments[0]
    for site in stack.pick(lambda site: site.environment == first and wanted(site) and stack.fixed(site), count * 4):
        in_a_list = any(isinstance(step, int) for step in (*site.steps, *site.inner))
        values = stack.everywhere(site)
        if count and values and not (in_a_list and len({json.dumps(value) for value in values}) > 1):
            count -= 1
            yield site, values


def same_resources(stack: Stack, count: int) -> Iterator[Mutant]:
    """Remove an instance everywhere, or add one under each environment's own name."""
    addresses = {site.address: site for site in stack.pick(lambda site: '["' in site.address, count * 2)}
    for site in list(addresses.values())[:count]:
        bound = not all(stack.fixed(each) for each in stack.sites if each.address == site.address)  # the rules know no other instance
        drop = bound or stack.random.random() < 0.5

        def apply(documents: Documents, address: str = site.address, drop: bool = drop) -> None:
            for name, document in documents.items():
                change = find(document, address)
                if drop:
                    document["resource_changes"].remove(change)
                else:
                    key = f"extra-{name}"
                    extra = {**copy.deepcopy(change), "index": key, "address": f'{address.partition("[")[0]}["{key}"]'}
                    document["resource_changes"].append(extra)

        yield Mutant("same resource everywhere", "*", apply, site.address, detail="dropped" if drop else "added")


# Allowed -------------------------------------------------------------------------------------------------------------


def allowed_numbers(stack: Stack, count: int) -> Iterator[Mutant]:
    """Let an allowed number grow, or be the same, in its order and limits."""
    for site in stack.pick(lambda site: ordered(stack, site) is not None, count * 2):
        rule, values = ordered(stack, site), stack.everywhere(site) or []
        numbers = [float(value) for value in values]
        rising = rule is not None and rule.order is Order.ASCENDING
        last = stack.environments[-1]
        top = rule.max if rule and rule.max is not None else float("inf")
        choices = [(last, numbers[-1] + 1)] if rising and numbers[-1] + 1 <= top else []
        choices += [(stack.environments[1], numbers[stack.random.choice([0, -1])])] if numbers[0] != numbers[-1] else []
        if not choices or not count or not _same_place(values, site, rule):
            continue
        count -= 1
        where, new = stack.random.choice(choices)
        change = put(site, like(site.value, new if new % 1 else int(new)), where)
        yield Mutant("allowed value changed", where, change, site.address, site.path, detail=f"{numbers} {new}")


def _same_place(values: list[Any], site: Site, rule: AllowRule | None) -> bool:
    """Tell whether the values at a path are one object's in all environments: then they stand in the order that the rule demands."""
    numbers = sorted(map(float, values), reverse=rule is not None and rule.order is Order.DESCENDING)
    return site.value is not None and numbers == [float(value) for value in values]


def allowed_schedules(stack: Stack, count: int) -> Iterator[Mutant]:
    """Run the settlement at another time."""
    schedules = ["rate(2 days)", "cron(0 5 ? * MON *)", "rate(1 day)", "cron(0 3 * * ? *)", "rate(12 hours)", "rate(7 days)"]
    for site in stack.pick(lambda site: site.name == "aws_cloudwatch_event_rule.schedule_expression", count):
        yield Mutant("other schedule", site.environment, put(site, stack.random.choice(schedules)), site.address, site.path)


HARMLESS: Mapping[str, tuple[Generator, int]] = {
    "document rewritten": (rewritten_documents, 14),
    "marks written out": (written_marks, 30),
    "JSON written otherwise": (reindented_strings, 40),
    "policy rewritten": (rewritten_policies, 40),
    "set reordered": (reordered_sets, 40),
    "own name everywhere": (own_names, 40),
    "own name added": (own_names_added, 40),
    "same change everywhere": (same_changes, 60),
    "same resource everywhere": (same_resources, 12),
    "allowed value changed": (allowed_numbers, 30),
    "other schedule": (allowed_schedules, 3),
}
"""Generators of harmless mutants by kind, each with how many it makes."""
