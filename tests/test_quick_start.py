"""The quick start, read aloud to a shell."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.commands.invoke import paritycheck

ROOT = Path(__file__).parents[1]
STACK = ROOT / "tests" / "assets" / "stacks" / "files"
TERRAFORM = re.compile(r"(?<=offline  )[\d.]+")
"""Which Terraform made a plan; whichever does, the rest is the same."""


def drift(stack: Path) -> None:
    """Give one environment a value of its own."""
    queue, prod = stack / "messaging.tf", stack / "tfvars" / "prod.tfvars"
    queue.write_text(queue.read_text().replace("visibility_timeout_seconds = 360", "visibility_timeout_seconds = var.visibility_timeout"))
    (stack / "more.tf").write_text('variable "visibility_timeout" {\n  default = 360\n}\n')
    prod.write_text(f"{prod.read_text()}visibility_timeout = 720\n")


def give_reasons(stack: Path) -> None:
    file = stack / "parity.yaml"
    file.write_text(re.sub(r"(?m)^(    reason:).*$", r"\1 It is meant.", file.read_text()))


def test_each_command_shows_what_the_quick_start_says(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "quick-start.md").read_text(encoding="utf-8")
    stack = Path(shutil.copytree(STACK, tmp_path / "stack"))
    shown = re.findall(r"(?ms)^```console\n\$ paritycheck (.*?)\n(.*?)^```$", text)
    before = {"run": give_reasons, "allow": drift}
    said = []
    for command, _ in shown:
        before.get(command.split()[0], lambda _: None)(stack)
        said.append((command, TERRAFORM.sub("0", paritycheck(*command.split(), cwd=stack).out)))

    assert [(command, TERRAFORM.sub("0", output)) for command, output in shown] == said
    assert ["init", "explain", "run", "allow"] == [command.split()[0] for command, _ in shown]


def test_the_proposal_that_is_shown_is_what_is_proposed(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "quick-start.md").read_text(encoding="utf-8")
    stack = Path(shutil.copytree(STACK, tmp_path / "stack"))
    paritycheck("init", cwd=stack)
    [shown] = re.findall(r"(?ms)^```yaml\n(.*?)^```$", text)

    assert shown in (stack / "parity.yaml").read_text()
