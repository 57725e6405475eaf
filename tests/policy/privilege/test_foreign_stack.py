"""A stack that is not this repository's: each of its deliberate defects is found where it is written, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from paritycheck.config import load_config
from paritycheck.engines import select_engine
from paritycheck.findings import Finding, Special
from paritycheck.source import load_all
from tests.policy.privilege.small import prove_all

STACK = Path(__file__).parents[2] / "assets" / "stacks" / "privilege"

EXPECTED = [
    ("undecided-grant", "error", "aws_iam_role.shared", "inline_policy[0].policy.Statement[Mail]", "main.tf:131"),
    ("unused-grant", "error", "aws_iam_role.shared", "inline_policy[0].policy.Statement[0]", "main.tf:126"),
    ("wide-resource", "error", "aws_iam_role.shared", "inline_policy[0].policy.Statement[0]", "main.tf:126"),
    ("excess-grant", "error", "aws_iam_role_policy.orders", "policy.Statement[Scan]", "main.tf:90"),
    ("unused-grant", "error", "aws_iam_role_policy.orders", "policy.Statement[Scan]", "main.tf:90"),
    ("unused-grant", "error", "aws_iam_role_policy.orders", "policy.Statement[Table]", "main.tf:78"),
    ("wide-resource", "error", "aws_iam_role_policy.orders", "policy.Statement[2]", "main.tf:71"),
    ("unused-grant", "warning", "aws_iam_role_policy_attachment.basic", "policy_arn", "main.tf:146"),
    ("wide-resource", "warning", "aws_iam_role_policy_attachment.basic", "policy_arn", "main.tf:146"),
    ("undecided-grant", "error", "aws_iam_role_policy_attachment.other", "policy_arn", "main.tf:152"),
    ("undecided-grant", "error", "aws_lambda_function.guest", "role", "main.tf:207"),
    (
        "missing-grant",
        "error",
        "aws_lambda_function.orders",
        "role[kms:Decrypt arn:aws:kms:eu-central-1:123456789012:key/{aws_kms_key.data.key_id}]",
        "code/orders/app.py:13",
    ),
    ("unused-grant", "error", "module.clerk.aws_iam_policy.this", "policy.Statement[Read]", "modules/reader/main.tf:23"),
    (
        "undecided-grant",
        "error",
        "module.worker.aws_lambda_function.this",
        "role[app.py]",
        "code/worker/app.py:8",
    ),
]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finding, ...]:
    directory = Path(shutil.copytree(STACK, tmp_path_factory.mktemp("privilege") / "stack"))
    config = load_config(directory / "parity.yaml")
    plans = select_engine(config).plan_all(config.environments)
    return prove_all(plans, config, load_all(config.environments, config.normalize.variable))


def place(finding: Finding) -> str:
    """Return where a finding is, below the stack's directory."""
    assert finding.location
    return f"{finding.location.file.partition('/stack/')[2]}:{finding.location.line}"


def find(findings: tuple[Finding, ...], rule: str, path: str) -> Finding:
    return next(finding for finding in findings if (finding.rule, finding.path) == (rule, path))


def test_each_defect_is_found_where_it_is_written(findings: tuple[Finding, ...]) -> None:
    found = [(each.rule, each.severity.value, each.address, each.path, place(each)) for each in findings]

    assert sorted(EXPECTED, key=lambda each: (each[2], each[0], each[3])) == sorted(found, key=lambda each: (each[2], each[0], each[3]))


def test_no_two_findings_share_a_fingerprint(findings: tuple[Finding, ...]) -> None:
    assert len(findings) == len({finding.fingerprint for finding in findings})


def test_a_message_names_action_resource_and_function(findings: tuple[Finding, ...]) -> None:
    queue = "arn:aws:sqs:eu-central-1:123456789012"

    assert f"it grants sqs:PurgeQueue on {queue}:shop-{{env}}-mail, which shop-{{env}}-clerk never needs" == (
        find(findings, "unused-grant", "policy.Statement[Read]").message
    )
    assert f"it grants sqs:SendMessage on {queue}:*, which shop-{{env}}-orders needs on {queue}:shop-{{env}}-mail" == (
        find(findings, "wide-resource", "policy.Statement[2]").message
    )


def test_a_finding_says_in_which_environments_it_is_unless_in_all(findings: tuple[Finding, ...]) -> None:
    some = find(findings, "unused-grant", "policy.Statement[Scan]")

    assert {"test": Special.ABSENT, "live": some.message} == dict(some.values)
    assert {} == dict(find(findings, "unused-grant", "policy.Statement[Table]").values)


def test_an_excess_shows_what_is_granted_beyond_the_environment_before(findings: tuple[Finding, ...]) -> None:
    excess = find(findings, "excess-grant", "policy.Statement[Scan]")
    statement = {
        "Sid": "Scan",
        "Effect": "Allow",
        "Action": "dynamodb:Scan",
        "Resource": "arn:aws:dynamodb:eu-central-1:123456789012:table/shop-{env}-orders",
    }

    assert {"test": Special.ABSENT, "live": statement} == dict(excess.values)
