"""What a closer look at a stack tells, and what is written down of it."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from paritycheck.config import load_config
from paritycheck.config.yamltext import parse
from paritycheck.discovery import Hints, document, look_closer
from paritycheck.quoting import quote
from tests.discovery.build import survey, touch

MAIN = """\
variable "stage" {}
variable "account" {}
variable "size" {}
variable "tag" {}
variable "token" { sensitive = true }

resource "aws_lambda_function" "this" {}

data "archive_file" "code" {
  type       = "zip"
  source_dir = "${path.module}/src"
}
"""

DEV = 'stage = "dev"\naccount = "111111111111"\nsize = "dev"\ntoken = "hunter2"\n'
PROD = 'stage = "prd"\naccount = 222222222222\nsize = "dev"\ntoken = "hunter3"\n'


def look(root: Path) -> tuple[Hints, str]:
    """Look at the only stack below a directory; return what is seen, and the file about it."""
    [stack] = survey(root).stacks
    hints = look_closer(stack)
    return hints, document(stack, hints, root, "offline")


def test_what_is_seen(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", text=MAIN)
    touch(tmp_path, "dev.tfvars", text=DEV)
    touch(tmp_path, "prod.tfvars", text=PROD)
    touch(tmp_path, "src/code.py", "policies/encrypted.yaml")
    hints, text = look(tmp_path)
    accounts = {"account": {"dev": "111111111111", "prod": "222222222222"}}

    assert Hints("stage", accounts, ("tag",), True, (tmp_path / "src",), tmp_path / "policies") == hints
    assert "\nnormalize: {variable: stage}\n" in text
    assert '\n#     account: {dev: "111111111111", prod: "222222222222"}\n' in text
    assert "\n# policies: policies\n" in text
    assert "\n#       sources: [src]\n" in text
    assert "\n# Nothing sets var.tag: " in text
    assert "hunter" not in text


def test_what_is_commented_out_can_be_taken_as_it_is(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", text=MAIN)
    touch(tmp_path, "dev.tfvars", text=DEV)
    touch(tmp_path, "prod.tfvars", text=PROD)
    touch(tmp_path, "src/code.py", "policies/encrypted.yaml")
    _, text = look(tmp_path)
    start = text.index("# policies:")
    (tmp_path / "parity.yaml").write_text(
        text[:start] + "\n".join(line.removeprefix("# ") for line in text[start:].splitlines() if not line.startswith("# What"))
    )
    config = load_config(tmp_path / "parity.yaml")

    assert config.policies
    assert tmp_path / "policies" == config.policies.directory
    assert config.least_privilege
    assert (str(tmp_path / "src"),) == config.least_privilege.functions[0].sources


def test_a_name_that_is_the_same_everywhere_names_no_environment(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", text='variable "environment" { default = "dev" }\n')
    touch(tmp_path, "dev.tfvars", "prod.tfvars")
    hints, text = look(tmp_path)

    assert None is hints.variable
    assert "\nnormalize" not in text


def test_the_place_of_an_environment_that_nobody_knows_is_called_a_guess(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", "envs/canary.tfvars", "envs/dev.tfvars")

    assert "# The place of canary is a guess.\n" in look(tmp_path)[1]


def test_hostile_names_of_files_are_what_they_are(tmp_path: Path) -> None:
    hostile = ("a: b #c", "x\n- y: z", "[1, 2]", "\u202egnp", "\U0001f600", "*a", "'\"\\")
    touch(tmp_path, "main.tf", *(f"envs/{environment}/{name}.tfvars" for environment in ("dev", "prod") for name in hostile))
    (tmp_path / "parity.yaml").write_text(look(tmp_path)[1], encoding="utf-8")
    [dev, prod] = load_config(tmp_path / "parity.yaml").environments

    assert sorted(f"{name}.tfvars" for name in hostile) == sorted(path.name for path in dev.var_files)
    assert {tmp_path / "envs" / "prod"} == {path.parent for path in prod.var_files}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_quoted(text: str) -> None:
    written = quote(text)

    assert text == parse(f"[{written}]", "x").data[0]
    assert written.isprintable()


def test_hostile_names_of_variables_are_nowhere(tmp_path: Path) -> None:
    name = "x\nallow: []"
    touch(tmp_path, "main.tf.json", text=json.dumps({"variable": {name: {}, "y]": {"default": "dev"}}}))
    touch(tmp_path, "dev.tfvars.json", text=json.dumps({"y]": "dev"}))
    touch(tmp_path, "prod.tfvars.json", text=json.dumps({"y]": "prod"}))
    hints, text = look(tmp_path)

    assert (None, ()) == (hints.variable, hints.unset)
    assert "allow" not in text.replace("an allow rule", "")
