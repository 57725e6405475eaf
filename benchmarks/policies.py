"""The stack's policies on the plans of all environments, against one bare run of checkov on one of them."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Row, alternate, children_time
from paritycheck.config import load_config
from paritycheck.engines import select_engine
from paritycheck.findings import PolicyCounts
from paritycheck.normalize import build_vocabulary
from paritycheck.plan import Plan
from paritycheck.policy import Examiner
from paritycheck.policy.checkov import find_checkov
from paritycheck.source import load_all

ROOT = Path(__file__).parent.parent
CHECKOV = ROOT / ".checkov"
LIMIT = 1.3


def rows() -> Iterator[Row]:
    """Measure processor time: the comparison, beside which the policies run, has it too."""
    config = load_config(ROOT / "parity.yaml")
    plans = select_engine(config).plan_all(config.environments)
    with tempfile.TemporaryDirectory() as directory:
        document = Path(directory) / "plan.json"
        document.write_bytes(plans[-1].document)
        ours, bare = alternate(lambda: run_policies(plans), lambda: run_checkov(document), repeats=3, clock=_processor_time)
    verdicts = run_policies(plans)
    note = f"{ours:.1f} s for {verdicts.passed + verdicts.failed} verdicts against {bare:.1f} s"
    yield Row("policies and proof of three environments / bare checkov on one", ours / bare, LIMIT, "x", note=note)


def run_policies(plans: Sequence[Plan]) -> PolicyCounts:
    """Judge the plans, suppressions and the least-privilege proof included, as `paritycheck run` does beside its comparison."""
    config = load_config(ROOT / "parity.yaml")
    sources = load_all(config.environments, config.normalize.variable)
    with Examiner(config, find_checkov(str(CHECKOV), ROOT, lambda _: None)) as examiner:
        examine = examiner.begin(plans, sources, datetime.now(UTC).date())
        examination = examine(build_vocabulary(plans, config.normalize))
    if examination.findings or examination.counts is None:
        raise RuntimeError(f"the stack does not keep its policies: {examination.findings}")
    return examination.counts


def run_checkov(document: Path) -> None:
    """Run checkov as it comes, but for what it asks of the network."""
    command = [CHECKOV / "bin" / "checkov", "-f", document, "--skip-download"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode not in {0, 1}:
        raise RuntimeError(done.stderr[-2000:])


def _processor_time() -> float:
    return children_time() + time.process_time()
