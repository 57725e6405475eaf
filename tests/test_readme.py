"""The README shows what a terminal really shows."""

from __future__ import annotations

import re
from pathlib import Path

from tests.commands.invoke import paritycheck
from tools.copy_stack import copy_stack

ROOT = Path(__file__).parents[1]


def test_the_report_in_the_readme_is_a_real_one(tmp_path: Path) -> None:
    """It is what one variable that is set for prod alone leads to, whichever Terraform plans."""
    copy_stack(tmp_path)
    with (tmp_path / "tfvars" / "prod.tfvars").open("a", encoding="utf-8") as stream:
        stream.write("visibility_timeout_seconds = 360\n")
    outcome = paritycheck("run", cwd=tmp_path)
    shown = re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)

    assert shown
    assert 1 == outcome.code
    assert without_version(shown[1]) == without_version(outcome.out)


def without_version(text: str) -> str:
    """Leave out which Terraform made the plans."""
    return re.sub(r"(?<=offline  )[\d.]+", "", text)
