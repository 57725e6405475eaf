"""The recorded plans are those of the real provider."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.oracle
@pytest.mark.skipif("TF_PROVIDER_MIRROR" not in os.environ, reason="TF_PROVIDER_MIRROR names no filesystem mirror with hashicorp/aws")
def test_the_real_provider_still_plans_what_is_recorded() -> None:
    command = [sys.executable, "-m", "tools.record_stack", os.environ["TF_PROVIDER_MIRROR"], "--check"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stderr
