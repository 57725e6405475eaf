r"""Learn from a real provider what its schema does not say: ``python -m tools.learn_facts BINARY --output FILE``.

The provider is asked to plan and to validate systematically built configurations of every resource type, with no
account and no network; what it answers becomes facts in the format that `paritycheck.provider.planning.facts` describes, one
type a line, sorted, the same at every run:

* an omitted attribute that is planned as a known value has a ``default`` (``null_when`` where the schema calls it
  computed); an omitted block that is planned as unknown is ``computed``;
* a text that is planned otherwise than configured is ``planned_as`` one of the rewritings that the planner knows; one
  that may be computed and is planned as empty where it is configured so ``keeps_empty``;
* an attribute whose change is listed as requiring it makes ``replace``; ``keeps`` is false for a computed one that every
  update makes unknown, and ``recomputed_by`` lists the arguments whose change does so to another one;
* enumerations, ranges, lengths, shapes, and arguments that exclude or need each other come from the refusals.

``--given FILE`` names facts that are known from elsewhere, such as those of an earlier run: the output then holds them
too, as far as the provider does not contradict them. A type that crashes the provider, or takes too long, keeps what is
given. The facts that the package ships are made so, from themselves::

    python -m tools.learn_facts BINARY --given paritycheck/provider/data/aws.facts.jsonl \
        --output paritycheck/provider/data/aws.facts.jsonl
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from paritycheck.provider.planning.facts import format_facts, merge_facts
from tools.changes import learn_changes, learn_replacements
from tools.complaints import learn_rules
from tools.configurations import Values, block_paths
from tools.oracle import Oracle, OracleError, cty, oracle
from tools.probes import learn_empty, learn_plans, learn_rewritings
from tools.refusals import learn_alternatives, learn_case, refusals

DEPTH = 4
"""How deep nested blocks are looked into."""

MAX_BLOCKS = 400
"""How many nested blocks of a type are looked into, the outer ones first."""

HUGE = 1000
"""A type with more nested blocks than this takes seconds for every answer: only its first few are looked into."""

MAX_BLOCKS_OF_HUGE = 60

ALIASES = {
    "aws_alb": "aws_lb",
    "aws_alb_listener": "aws_lb_listener",
    "aws_alb_listener_rule": "aws_lb_listener_rule",
    "aws_alb_target_group": "aws_lb_target_group",
}
"""Second names of types: what is given of the first one holds."""

CONDITIONAL = {
    "aws_s3_bucket_lifecycle_configuration": ("rule.filter.prefix", "rule.transition.days"),
}
"""Paths that are planned in one way or another when omitted, as other values say: what is given of these stands."""


def main() -> int:
    """Learn all types, or those named, and write the facts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("binary", type=Path, help="the provider's binary, protocol 5")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--given", type=Path, action="append", default=[], help="facts known from elsewhere (repeatable)")
    parser.add_argument("--type", action="append", default=[], help="learn only this type (repeatable)")
    options = parser.parse_args()
    facts = merge_facts([file.read_text(encoding="utf-8").splitlines() for file in options.given])
    with oracle(options.binary) as provider:
        for kind in options.type or sorted(provider.schemas.resource_schemas):
            known = facts.setdefault(kind, {})
            known |= deepcopy(facts.get(ALIASES.get(kind, ""), {}))
            apply(kind, known, question(provider, kind, known))
    options.output.write_text(format_facts({kind: paths for kind, paths in facts.items() if paths}), encoding="utf-8")
    return 0


def apply(kind: str, given: dict[str, dict[str, Any]], learned: dict[str, dict[str, Any]]) -> None:
    """Correct and complete a type's facts in place."""
    for path, fact in learned.items():
        known = given.get(path, {})
        conditional = "only_when" in known or path in CONDITIONAL.get(kind, ())
        known = settle(known, {key: value for key, value in fact.items() if not (conditional and key in {"default", "null_when"})})
        if known:
            given[path] = known
        else:
            given.pop(path, None)


def question(provider: Oracle, kind: str, given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return all that the provider tells about a type, by path."""
    block = provider.schemas.resource_schemas[kind].block
    chains = ["", *(path for path, _ in limited(block))]
    types = dict(attribute_types(block, chains))
    facts: dict[str, dict[str, Any]] = {}
    for complaints in refusals(provider, kind, block, chains):
        merge(facts, learn_rules(complaints, types))
    merge(facts, learn_case(provider, kind, block, facts, types))
    rules = {path: {**given.get(path, {}), **facts.get(path, {})} for path in {*given, *facts}}
    for step in (learn_plans, learn_empty, learn_rewritings, learn_replacements, learn_changes, learn_alternatives):
        try:
            merge(facts, step(provider, kind, block, chains, Values(rules)))
        except OracleError as error:
            print(f"{kind}: {step.__name__}: {error}", file=sys.stderr)
    facts.pop("id", None)
    return facts


def attribute_types(block: Any, chains: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield the dotted path and the type of every attribute that is looked into, but for the identifier."""
    blocks = {"": block, **{path: nested.block for path, nested in block_paths(block, DEPTH)}}
    for chain in chains:
        for attribute in blocks[chain].attributes:
            if attribute.name != "id":
                yield f"{chain}.{attribute.name}".lstrip("."), cty(attribute)


def limited(block: Any) -> Iterator[tuple[str, Any]]:
    """Yield the nested blocks that are looked into."""
    found = sorted(block_paths(block, DEPTH), key=lambda item: (item[0].count("."), item[0]))
    huge = sum(1 for _ in block_paths(block, sys.maxsize)) > HUGE
    yield from (item for item in found[: MAX_BLOCKS_OF_HUGE if huge else MAX_BLOCKS] if item[0].partition(".")[0] != "timeouts")


def merge(facts: dict[str, dict[str, Any]], found: dict[str, dict[str, Any]]) -> None:
    """Add facts to those known; two halves of a range become one."""
    for path, fact in found.items():
        known = facts.setdefault(path, {})
        for key, value in fact.items():
            if key == "between" and key in known:
                low, high = known[key]
                known[key] = [value[0] if low is None else low, value[1] if high is None else high]
            else:
                known[key] = value


def settle(given: dict[str, Any], learned: dict[str, Any]) -> dict[str, Any]:
    """Return what holds of a path: what the provider says, and what it does not contradict; a ``None`` says: it is not so."""
    stands = {key for key in ("is", "planned_as") if key in given}  # the given one may be more exact, and fits as well
    known = {**given, **{key: value for key, value in learned.items() if key not in stands and not same(given.get(key), value)}}
    if "default" in learned.get("null_when", {}):
        known.pop("default", None)
    if "conflicts_with" in given and "conflicts_with" in learned:
        known["conflicts_with"] = sorted({*given["conflicts_with"], *learned["conflicts_with"]})
    if "exactly_one_of" in known:
        known.pop("at_least_one_of", None)
    return {key: value for key, value in sorted(known.items()) if value not in (None, {})}


def same(given: Any, learned: Any) -> bool:
    """Say whether two values of a fact are equal; the order of alternatives means nothing."""
    if isinstance(given, list) and isinstance(learned, list) and all(isinstance(item, str) for item in given + learned):
        return sorted(given) == sorted(learned)
    return bool(given == learned) and type(given) is type(learned)


if __name__ == "__main__":
    sys.exit(main())
