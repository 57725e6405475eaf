"""Measure the offline engine against recorded plans: ``python -m benchmarks.fidelity FOLDER``.

Every folder below FOLDER that holds a configuration (``*.tf``) and a plan of it as ``terraform show -json`` wrote it
(``plan.json``, ``tfplan.json``, …, also gzipped) is a case. `benchmarks.replay` plans it again, and the two plans are
compared resource by resource and value by value. What nobody could reproduce elsewhere (the recorder's paths, times,
account, region, and what its data sources read) is left out, and what the shipped version of a provider refuses but the
recorder's planned is tolerated, unless with ``--strict``.

Exit code 0 where the shares reach what they must, 1 where they do not, 2 where there is nothing to measure.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.agreement import Agreement, compare_plans, total
from benchmarks.cases import find_cases, provider_major, read_case, recorded_attributes
from benchmarks.measure import Row
from benchmarks.replay import replay
from paritycheck.errors import ParityError
from paritycheck.provider.aws.provider import AwsProvider

PLANNED, RESOURCES, VALUES = 0.88, 1.0, 0.97
"""Shares that must be reached: cases planned, resources, and values where AWS provider 5 recorded the plan."""

OWN_CASES = Path(__file__).parent.parent / "tests" / "assets" / "fidelity"
"""Configurations of this repository with the plans that the real provider made of them."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case."""

    case: str
    provider: int | None = None
    """Major version of the AWS provider that recorded the plan."""
    agreement: Agreement | None = None
    failure: str = ""
    """Why it could not be planned."""
    refusal: str = ""
    """Why only providers that refuse nothing planned it."""


def main() -> int:
    """Measure, and print the shares."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print all results as JSON")
    parser.add_argument("--strict", action="store_true", help="tolerate nothing, and count values of the recorder's surroundings too")
    parser.add_argument("--top", type=int, default=30, help="how many kinds of mismatches to print")
    parser.add_argument("--jobs", type=int, default=2, help="how many cases to plan side by side")
    options = parser.parse_args()
    plans = list(find_cases(options.folder)) if options.folder.is_dir() else []
    if not plans:
        print(f"{options.folder}: no folder with a configuration and a recorded plan", file=sys.stderr)
        return 2
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda plan: measure(plan, options.folder, strict=options.strict), plans))
    print(json.dumps([asdict(result) for result in results], indent=1) if options.json else "\n".join(render(results, options.top)))
    return 0 if all(row.reached for row in shares(results)) else 1


def measure(plan: Path, folder: Path, *, strict: bool) -> Result:
    """Plan a case below a folder and compare; whatever goes wrong is the result of this case alone."""
    name = str(plan.parent.relative_to(folder))
    try:
        case = read_case(plan)
        provider = provider_major(case, {kind: catalog_names(kind) for kind, _ in recorded_attributes(case.recorded)})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        return Result(name, failure=f"cannot be read: {error}")
    try:
        replayed = replay(case, folder, tolerant=not strict)
    except ParityError as error:
        return Result(name, provider, failure=" ".join(f"{error.message} {error.details or ''}".split())[:300])
    return Result(name, provider, compare_plans(case.recorded, replayed.plan, strict=strict), refusal=replayed.refusal[:300])


@cache
def catalog_names(kind: str) -> frozenset[str]:
    """Return the names of a resource type's attributes and blocks, none where the AWS catalog has no such type."""
    schema = AwsProvider().resource_schema(kind)
    return frozenset() if schema is None else frozenset(schema.block.attributes) | frozenset(schema.block.blocks)


def rows() -> Iterator[Row]:
    """Measure the repository's own cases, every value counted."""
    yield from shares([measure(plan, OWN_CASES, strict=True) for plan in find_cases(OWN_CASES)])


def shares(results: Sequence[Result]) -> list[Row]:
    """Return the shares beside what they must be."""
    everything = total(result.agreement for result in results if result.agreement)
    recent = total(result.agreement for result in results if result.agreement and result.provider == 5)
    planned = sum(result.agreement is not None for result in results)
    counted = (
        ("recorded cases planned offline", planned, len(results), PLANNED),
        ("resources of recorded plans reproduced", everything.reproduced_resources, everything.resources, RESOURCES),
        ("values of plans of AWS provider 5 reproduced", recent.reproduced_values, recent.values, VALUES),
    )
    return [
        Row(what, 100 * share(part, whole), 100 * limit, "%", at_least=True, note=f"{part} of {whole}")
        for what, part, whole, limit in counted
    ]


def share(part: int, whole: int) -> float:
    """Return a share; of nothing, everything is there."""
    return part / whole if whole else 1.0


def render(results: Sequence[Result], top: int) -> Iterator[str]:
    """Yield the lines of the report."""
    for result in results:
        if result.agreement is None:
            yield f"not planned  {result.case}: {result.failure}"
            continue
        if result.refusal:
            yield f"tolerated    {result.case}: {result.refusal}"
        if result.agreement.missing or result.agreement.extra:
            yield f"resources    {result.case}: missing {result.agreement.missing}, extra {result.agreement.extra}"
    done = [result for result in results if result.agreement]
    tolerated = sum(bool(result.refusal) for result in done)
    yield f"cases        {percent(len(done), len(results))} planned, {tolerated} of them only by tolerant providers"
    for title, group in (
        ("all", done),
        ("provider 5", [result for result in done if result.provider == 5]),
        ("others", [result for result in done if result.provider != 5]),
    ):
        whole = total(result.agreement for result in group if result.agreement)
        resources, values = percent(whole.reproduced_resources, whole.resources), percent(whole.reproduced_values, whole.values)
        yield f"{title:<12} {len(group)} cases, resources {resources}, values {values}, left out {whole.environmental}"
    yield from render_mismatches(done, top)


def percent(part: int, whole: int) -> str:
    """Return a share as a person reads it."""
    return f"{100 * share(part, whole):.2f} % ({part} of {whole})"


def render_mismatches(results: Sequence[Result], top: int) -> Iterator[str]:
    """Yield the most frequent kinds of mismatches, each with an example."""
    found = [(result, mismatch) for result in results if result.agreement for mismatch in result.agreement.mismatches]
    counts = Counter((mismatch.type, mismatch.path) for _, mismatch in found)
    examples = {(mismatch.type, mismatch.path): (result.case, mismatch) for result, mismatch in reversed(found)}
    for key, count in counts.most_common(top):
        case, mismatch = examples[key]
        values = f"{short(mismatch.recorded)} recorded, {short(mismatch.planned)} planned"
        yield f"{count:5}  {key[0]}.{key[1]}: {values} ({case}: {mismatch.address})"


def short(value: Any) -> str:
    """Return a value's JSON, not too long."""
    text = json.dumps(value)
    return text if len(text) <= 70 else f"{text[:67]}..."


if __name__ == "__main__":
    sys.exit(main())
