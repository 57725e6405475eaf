"""Seeded drift in the stack's own configuration: one edit, planned again in all environments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from paritycheck import parity
from paritycheck.config import load_config
from paritycheck.engines import select_engine
from paritycheck.provider.builtin import builtin_providers
from paritycheck.provider.schemas.sets import set_test
from paritycheck.source import load_all
from tools.copy_stack import copy_stack


@dataclass(frozen=True)
class Edit:
    """A change of one file of the stack, by a pattern that must match, and what must be found."""

    kind: str
    pattern: str
    replacement: str
    expected: tuple[tuple[str, str], ...] = ()
    """Rule and address of what must be among the findings; none where the edit is harmless."""
    file: str = "tap_stack.tf"


HARMFUL = (
    Edit(
        "a name is hard-coded",
        r'name = "\$\{var\.project_name\}-\$\{var\.env\}"\n',
        'name = "${var.project_name}-dev"\n',
        (("environment-leak", 'aws_sns_topic.this["order_events"]'), ("environment-leak", 'aws_kinesis_stream.this["orders"]')),
    ),
    Edit(
        "a count follows the environment",
        r'resource "aws_internet_gateway" "this" \{\n',
        'resource "aws_sns_topic" "extra" {\n  count = var.env == "prod" ? 1 : 0\n  name  = "${local.name}-extra"\n}\n\n\\g<0>',
        (("missing-resource", "aws_sns_topic.extra[0]"), ("environment-dependent-count", "aws_sns_topic.extra")),
    ),
    Edit(
        "a count that agrees today follows the environment",
        r'resource "aws_internet_gateway" "this" \{\n',
        'resource "aws_sns_topic" "extra" {\n  count = var.env == "qa" ? 2 : 1\n  name  = "${local.name}-extra"\n}\n\n\\g<0>',
        (("environment-dependent-count", "aws_sns_topic.extra"),),
    ),
    Edit(
        "a for_each is filtered by the environment",
        r"\Z",
        '\nresource "aws_sns_topic" "extra" {\n  for_each = { for key, name in local.topics : key => name if var.env != "dev" }\n'
        '  name     = "x"\n}\n',
        (
            ("missing-resource", 'aws_sns_topic.extra["order_events"]'),
            ("environment-dependent-for-each", "aws_sns_topic.extra"),
        ),
    ),
    Edit(
        "a statement is wider in one environment",
        r'actions   = \["kinesis:PutRecord"\]',
        'actions   = var.env == "prod" ? ["kinesis:*"] : ["kinesis:PutRecord"]',
        (("value-difference", 'aws_iam_role_policy.function["order_validator"]'),),
    ),
    Edit(
        "an alias of another key in one environment",
        r"encryption_type  = \"KMS\"",
        'encryption_type  = var.env == "dev" ? "NONE" : "KMS"',
        (("value-difference", 'aws_kinesis_stream.this["orders"]'),),
    ),
    Edit(
        "a variable is set for one environment only",
        r"\Z",
        "\nretention_hours = 72\n",
        (("value-difference", 'aws_kinesis_stream.this["orders"]'),),
        file="tfvars/staging.tfvars",
    ),
    Edit(
        "an allowed value falls from staging to prod",
        r"orders_shard_count    = \d+",
        "orders_shard_count    = 1",
        (("order-violation", 'aws_kinesis_stream.this["orders"]'),),
        file="tfvars/prod.tfvars",
    ),
)

HARMLESS = (
    Edit("a comment", r"\A", "# Another comment.\n"),
    Edit("a renamed local", r"\blocal\.topics\b|(?<=\n  )topics(?= = \{)", lambda match: match[0].replace("topics", "subjects")),  # type: ignore[arg-type]
    Edit("a new resource everywhere", r"\Z", '\nresource "aws_sns_topic" "extra" {\n  name = "${local.name}-extra"\n}\n'),
    Edit("a variable with the same value everywhere", r"retention_period = var\.retention_hours", "retention_period = 72"),
    Edit("more of what may grow", r"orders_shard_count    = \d+", "orders_shard_count    = 40", file="tfvars/prod.tfvars"),
)


def check(edit: Edit, directory: Path) -> Sequence[tuple[str, str]]:
    """Plan a copy of the stack with the edit in it, and return rule and address of each finding."""
    copy_stack(directory)
    path = directory / edit.file
    text, count = re.subn(edit.pattern, edit.replacement, path.read_text(encoding="utf-8"))
    assert count, f"{edit.pattern} does not match {edit.file}"
    path.write_text(text, encoding="utf-8")
    config = load_config(directory / "parity.yaml")
    sources = load_all(config.environments, config.normalize.variable)
    plans = select_engine(config).plan_all(config.environments)
    is_set = set_test(builtin_providers(directory))
    report = parity.check(plans, config, sources=sources, is_set=is_set, today=date(2025, 1, 1))
    return [(finding.rule, finding.address) for finding in report.findings]


@pytest.mark.parametrize("edit", HARMFUL, ids=lambda edit: edit.kind)
def test_a_harmful_edit_is_found(edit: Edit, tmp_path: Path) -> None:
    found = check(edit, tmp_path)

    assert set(edit.expected) - set(found) == set()


@pytest.mark.parametrize("edit", HARMLESS, ids=lambda edit: edit.kind)
def test_a_harmless_edit_is_not_reported(edit: Edit, tmp_path: Path) -> None:
    assert check(edit, tmp_path) == []
