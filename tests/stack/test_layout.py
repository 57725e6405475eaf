"""How the stack is written: formatted, in one file, in sections whose titles and order are the same everywhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from paritycheck.source.module import Module

ROOT = Path(__file__).parents[2]
STACK = ROOT / "tap_stack.tf"
TITLES = re.findall(r"^#{80}\n# (.+)\n", STACK.read_text(encoding="utf-8"), flags=re.MULTILINE)


def sections(prefix: str) -> list[str]:
    return [title.removeprefix(prefix) for title in TITLES if title.startswith(prefix)]


@pytest.mark.parametrize("file", ["tap_stack.tf", "provider.tf", "tfvars/dev.tfvars", "tfvars/staging.tfvars", "tfvars/prod.tfvars"])
def test_a_file_is_formatted_as_terraform_does(file: str) -> None:
    command = [sys.executable, "-m", "paritycheck.engines.bundled", "fmt", "-check", "-diff", file]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (0, "") == (done.returncode, done.stdout), done.stderr


def test_the_stack_is_one_file_without_a_provider_block() -> None:
    module = Module(ROOT)

    assert ["provider.tf", "tap_stack.tf"] == [file.path.name for file in module.files]
    assert ["provider"] == [block.kind for block in module.files[0].blocks]
    assert "provider" not in {block.kind for block in module.files[1].blocks}


def test_the_stack_is_plain_ascii() -> None:
    assert STACK.read_bytes().isascii()


def test_resources_and_outputs_keep_the_order_of_the_variables_sections() -> None:
    order = sections("Variables: ")
    resources = [title for title in TITLES if title in order]
    outputs = [title for title in sections("Outputs: ") if title in order]

    assert [title for title in order if title in resources] == resources
    assert [title for title in order if title in outputs] == outputs


def test_every_output_section_has_its_resources_section() -> None:
    assert [] == [title for title in sections("Outputs: ") if title not in TITLES]


def test_outputs_are_described() -> None:
    outputs = [block for block in Module(ROOT).blocks.values() if block.kind == "output"]

    assert outputs
    assert [] == [block.labels[0] for block in outputs if "description" not in block.attributes]
