"""Bad input of every kind: one clear message, the right exit code, no traceback, and nothing left behind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.commands.invoke import Outcome, paritycheck

PARITY = """\
version: 1
environments:
  dev: {var_files: [dev.tfvars]}
  prod: {var_files: [prod.tfvars]}
normalize: {variable: env}
"""

MAIN = """\
variable "env" {
  type = string
}

resource "terraform_data" "this" {
  input = "tap-${var.env}"
}
"""

STACK = {"parity.yaml": PARITY, "main.tf": MAIN, "dev.tfvars": 'env = "dev"\n', "prod.tfvars": 'env = "prod"\n'}

AWS = """
provider "aws" {
  region = "eu-central-1"
}
"""


def plan(**changes: Any) -> dict[str, Any]:
    """Return a plan with one queue in it."""
    queue = {"name": "orders", "delay_seconds": 1}
    change = {"actions": ["create"], "before": None, "after": queue, "after_unknown": {}, "before_sensitive": False, "after_sensitive": {}}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": [
            {
                "address": "aws_sqs_queue.orders",
                "mode": "managed",
                "type": "aws_sqs_queue",
                "name": "orders",
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "change": change,
            }
        ],
        "configuration": {"root_module": {}},
        "complete": True,
        "errored": False,
    } | changes


def with_delay(text: str) -> str:
    """Return a plan's JSON in which a number is written as given."""
    return json.dumps(plan()).replace('"delay_seconds": 1', f'"delay_seconds": {text}')


PLANS = {"dev.json": json.dumps(plan()), "prod.json": json.dumps(plan())}


@dataclass(frozen=True)
class Case:
    """What is wrong, and what is said of it."""

    name: str
    said: tuple[str, ...]
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    """What differs from the good files; an empty text removes one."""
    arguments: tuple[str, ...] = ("run",)
    code: int = 2


def run_case(case: Case, good: Mapping[str, str | bytes], directory: Path) -> Outcome:
    """Run a case in a directory of its own, and see that nothing changes there."""
    files = {name: content for name, content in {**good, **case.files}.items() if content or name not in STACK}
    for name, content in files.items():
        (directory / name).write_bytes(content.encode() if isinstance(content, str) else content)
    with TemporaryDirectory(prefix="scratch") as scratch:  # a path short enough for sockets, as pytest's are not
        done = paritycheck(*case.arguments, cwd=directory, env={"TMPDIR": scratch})
        left = list(Path(scratch).iterdir())

    assert [] == left
    assert sorted(files) == sorted(path.name for path in directory.iterdir())
    return done


def check_case(case: Case, done: Outcome) -> None:
    """See that the right thing was said, once and harmlessly."""
    said = done.err

    assert case.code == done.code, said
    assert "" == done.out
    assert said.startswith("error: ")
    assert 1 == said.count("error: ")
    assert "Traceback" not in said
    assert all(line.isprintable() for line in said.split("\n"))
    assert [] == [text for text in case.said if text not in said]


CONFIGURATIONS = [
    Case("no-configuration", ("there is no parity.yaml", "hint: "), {"parity.yaml": ""}),
    Case("named-configuration-missing", ("other.yaml", "--config"), arguments=("run", "--config", "other.yaml")),
    Case("empty-configuration", ("parity.yaml is empty",), {"parity.yaml": "# nothing\n"}),
    Case("unknown-key", ("parity.yaml:6", "settings"), {"parity.yaml": PARITY + "settings: {}\n"}),
    Case("duplicate-key", ("parity.yaml:7", "engine"), {"parity.yaml": PARITY + "engine: offline\nengine: files\n"}),
    Case("wrong-type", ("parity.yaml:3", "var_files"), {"parity.yaml": PARITY.replace("[dev.tfvars]", "7")}),
    Case("not-yaml", ("parity.yaml:",), {"parity.yaml": "environments: [\n"}),
    Case("one-environment", ("parity.yaml", "prod"), {"parity.yaml": PARITY.replace("  dev: {var_files: [dev.tfvars]}\n", "")}),
    Case("environment-twice", ("parity.yaml:4", "dev"), {"parity.yaml": PARITY.replace("prod:", "dev:")}),
    Case("one-environment-selected", ("two environments or more", "--environment"), arguments=("run", "-e", "dev")),
    Case("unknown-environment", ("parity.yaml has no environment 'qa'", "dev, prod"), arguments=("run", "-e", "qa")),
    Case("missing-var-file", ("prod.tfvars", "parity.yaml:4"), {"prod.tfvars": ""}),
    Case("undeclared-variable", ("dev.tfvars:2", "regional"), {"dev.tfvars": 'env = "dev"\nregional = "eu-central-1"\n'}),
    Case("var-file-syntax", ("dev.tfvars",), {"dev.tfvars": "env = = \n"}, code=3),
    Case(
        "allow-without-reason",
        ("parity.yaml:7", "reason"),
        {"parity.yaml": PARITY + "allow:\n  - {id: a, resources: [terraform_data.*], attributes: [input]}\n"},
    ),
    Case(
        "bad-pattern",
        ("parity.yaml:7", "terraform_data.["),
        {"parity.yaml": PARITY + 'allow:\n  - {id: a, resources: ["terraform_data.["], attributes: [input], reason: r}\n'},
    ),
    Case(
        "allows-what-is-protected",
        ("parity.yaml:", "protect", "allow"),
        {
            "parity.yaml": PARITY
            + "protect:\n  - {id: p, resources: [terraform_data.this], attributes: [input], reason: r}\n"
            + "allow:\n  - {id: a, resources: [terraform_data.this], attributes: [input], reason: r}\n"
        },
    ),
    Case(
        "no-such-directory", ("live/dev", "parity.yaml:3"), {"parity.yaml": PARITY.replace("[dev.tfvars]", "[dev.tfvars], dir: live/dev")}
    ),
    Case("output-without-directory", ("the directory of out/a.json does not exist",), arguments=("run", "--output", "out/a.json")),
]


@pytest.mark.parametrize("case", CONFIGURATIONS, ids=lambda case: case.name)
def test_a_wrong_configuration(case: Case, tmp_path: Path) -> None:
    check_case(case, run_case(case, STACK, tmp_path))


VALIDATION = """\
  validation {
    condition     = var.env != "prod"
    error_message = "Dev or test only."
  }
"""

PRECONDITION = """\
  lifecycle {
    precondition {
      condition     = var.env != "prod"
      error_message = "Not in prod."
    }
  }
"""

REFUSED = [
    Case("syntax", ("main.tf:",), {"main.tf": MAIN + 'resource "terraform_data" {\n'}, code=3),
    Case("validation", ("main.tf", "Dev or test only."), {"main.tf": MAIN.replace("string\n", f"string\n{VALIDATION}")}, code=3),
    Case("precondition", ("main.tf", "Not in prod."), {"main.tf": MAIN.replace('}"\n', f'}}"\n{PRECONDITION}')}, code=3),
    Case("unknown-argument", ("main.tf", "inputs"), {"main.tf": MAIN.replace("input", "inputs")}, code=3),
    Case("unknown-resource-type", ("aws_sqs_mailbox",), {"main.tf": MAIN + AWS + 'resource "aws_sqs_mailbox" "this" {}\n'}, code=3),
    Case("provider-without-schema", ("datadog", "schema import"), {"main.tf": MAIN + 'resource "datadog_monitor" "this" {}\n'}, code=3),
    Case("missing-module", ('module "none"', "main.tf:8"), {"main.tf": MAIN + 'module "none" {\n  source = "./modules/none"\n}\n'}, code=3),
    Case("no-terraform", ("there is no program",), arguments=("run", "--terraform", "./none/terraform"), code=3),
    Case("not-terraform", ("cannot be used as Terraform",), arguments=("run", "--terraform", "true"), code=3),
    Case("no-resources", ("no resources",), {"main.tf": 'variable "env" {\n  type = string\n}\n'}, code=3),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_a_configuration_that_terraform_refuses(case: Case, tmp_path: Path) -> None:
    check_case(case, run_case(case, STACK, tmp_path))


def compared(name: str, content: str | bytes, *said: str, code: int = 3) -> Case:
    """Return a case in which one of two compared plans is bad."""
    return Case(name, said, {"prod.json": content}, ("compare", "dev.json", "prod.json"), code)


DOCUMENTS = [
    compared("empty", b"", "prod.json is empty"),
    compared("truncated", PLANS["prod.json"][:-40], "prod.json"),
    compared("not-json", "Terraform will perform the following actions:", "prod.json", "terraform show -json"),
    compared("not-a-plan", '{"a": 1}', "prod.json is not a Terraform plan"),
    compared("an-array", "[]", "prod.json"),
    compared("binary-plan", b"PK\x03\x04" + bytes(range(256)), "prod.json is a binary plan file"),
    compared("binary", bytes(range(256)), "prod.json"),
    compared("errored", json.dumps(plan(errored=True)), "failed", "prod.json"),
    compared("incomplete", json.dumps(plan(complete=False)), "incomplete", "prod.json"),
    compared("no-resources", json.dumps(plan(resource_changes=[])), "no resources", "prod.json"),
    compared("newer-format", json.dumps(plan(format_version="2.0")), "2.0", "prod.json"),
    compared("hundred-megabytes", b"[" + b" " * 100_000_000, "prod.json"),
    compared("bottomless", "[" * 10_000, "prod.json"),
    compared("bottomless-value", with_delay('{"a":' * 10_000 + "1" + "}" * 10_000), "prod.json"),
    compared("nan", with_delay("NaN"), "prod.json"),
    compared("infinity", with_delay("-Infinity"), "prod.json"),
    compared("lone-surrogate", PLANS["prod.json"].encode().replace(b"orders", b"\xed\xa0\x80"), "prod.json"),
    Case("missing-plan", ("nowhere.json",), arguments=("compare", "dev.json", "nowhere.json"), code=3),
    Case("same-plan", ("the same plan",), arguments=("compare", "dev=dev.json", "prod=./dev.json")),
    Case("one-plan", ("only one plan",), arguments=("compare", "dev.json")),
    Case("same-name", ("two plans are named 'dev'",), arguments=("compare", "dev.json", "dev=prod.json")),
    Case("directory-as-plan", (".",), arguments=("compare", "dev.json", "prod=."), code=3),
]


@pytest.mark.parametrize("case", DOCUMENTS, ids=lambda case: case.name)
def test_a_bad_plan(case: Case, tmp_path: Path) -> None:
    check_case(case, run_case(case, PLANS, tmp_path))


SCHEMAS = [
    Case("missing-dump", ("none.json",), arguments=("schema", "import", "none.json")),
    Case("not-a-dump", ("dump.json",), {"dump.json": "{}"}, ("schema", "import", "dump.json")),
    Case("bottomless-dump", ("dump.json",), {"dump.json": "[" * 100_000}, ("schema", "import", "dump.json")),
]


@pytest.mark.parametrize("case", SCHEMAS, ids=lambda case: case.name)
def test_a_bad_schema_dump(case: Case, tmp_path: Path) -> None:
    check_case(case, run_case(case, {}, tmp_path))


def test_a_number_of_400_digits_is_compared_to_its_last(tmp_path: Path) -> None:
    for name, last in (("dev", "1"), ("staging", "1"), ("prod", "2")):
        (tmp_path / f"{name}.json").write_text(with_delay("9" * 399 + last))
    done = paritycheck("compare", "dev.json", "staging.json", "prod.json", "--format", "json", cwd=tmp_path)
    (finding,) = json.loads(done.out)["findings"]

    assert (1, "value-difference", "delay_seconds") == (done.code, finding["rule"], finding["path"])


HOSTILE = "[red]\x1b[31m\n::error::gone\r\u202etxt\u200b\x9b]"


@pytest.mark.parametrize("output", ["console", "json"])
def test_hostile_names_and_values_are_shown_and_do_not_act(output: str, tmp_path: Path) -> None:
    for name in ("dev", "prod"):
        document = plan()
        (change,) = document["resource_changes"]
        change |= {"address": f'aws_sqs_queue.orders["{HOSTILE}"]', "index": HOSTILE}
        change["change"]["after"] = {"name": HOSTILE, HOSTILE: f"{HOSTILE} {name == 'prod'}"}
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    done = paritycheck("compare", "dev.json", "prod.json", "--format", output, cwd=tmp_path)

    assert 1 == done.code, done.err
    assert all(line.isprintable() for line in done.out.split("\n"))
    assert "\n::error" not in done.out
    assert "[red]" in done.out


def test_a_stale_rule_is_a_warning_and_an_expired_one_allows_nothing(tmp_path: Path) -> None:
    rules = """\
allow:
  - {id: old, resources: [terraform_data.this], attributes: [triggers_replace], expires: 2024-01-31, reason: A transition.}
  - {id: gone, resources: [terraform_data.gone], attributes: [input], reason: It was there.}
"""
    files = {**STACK, "parity.yaml": PARITY + rules, "main.tf": MAIN.replace('}"\n', '}"\n  triggers_replace = length(var.env)\n')}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    done = paritycheck("run", "--format", "json", cwd=tmp_path)

    assert [("value-difference", "old"), ("expired-allowance", "old"), ("stale-allowance", "gone")] == [
        (finding["rule"], finding["allow"]) for finding in json.loads(done.out)["findings"]
    ]
