"""Who wants no picture pays nothing for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from paritycheck.findings import Report
from paritycheck.parity import check
from paritycheck.reporters import Format
from tests.plans import TODAY, config, document, plans, resource

PARTS = document(resource("aws_sqs_queue.a", {"name": "x"}))


@pytest.mark.parametrize("wanted", [True, False])
def test_a_report_has_a_topology_where_it_is_asked_for(wanted: bool) -> None:
    report: Report = check(plans(lambda _: PARTS), config(), today=TODAY, topology=wanted)

    assert wanted == (report.topology is not None)


def test_what_builds_and_draws_it_is_not_loaded_before() -> None:
    code = "import sys, paritycheck.cli, paritycheck.parity; print([name for name in sys.modules if 'graph' in name or 'svg' in name])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert [] == [name for name in eval(done.stdout) if name.startswith("paritycheck")]


def test_of_the_reports_only_the_page_draws() -> None:
    assert ["html"] == [name.value for name in Format if name.needs_topology]
