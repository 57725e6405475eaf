"""Violations in the configuration itself, planned anew: of what is known only after apply, a plan holds no more than references."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.policy.violations import Draft, Violation
from tests.policy.violations_attributes import KEYS

BESIDE = ("lambdas", "provider.tf", "requirements", "templates", "tfvars")
"""What the configuration reads."""


@dataclass(frozen=True)
class Rewriting:
    """A change of the blocks of one type of resource."""

    family: str
    blocks: str
    """Pattern of the blocks' names, type and all."""
    edit: Callable[[str], str]
    by: str
    reported: str = ""
    """Pattern of the addresses that must be reported, where they are others than those of the blocks."""
    beside: tuple[str, ...] = ()

    def apply(self, text: str) -> str:
        """Change a configuration, in which every block that is meant has to change."""

        def change(block: re.Match[str]) -> str:
            return self.edit(block[0]) if re.fullmatch(self.blocks, f"{block[1]}.{block[2]}") else block[0]

        changed = re.sub(r'^resource "(\w+)" "(\w+)" \{\n.*?^\}\n', change, text, flags=re.MULTILINE | re.DOTALL)
        assert changed != text, f"{self.family} {self.blocks}: nothing to change"
        return changed

    def violation(self, draft: Draft) -> Violation:
        """Return what must be reported, of which the plan as it is tells the addresses."""
        pattern = self.reported or rf"({self.blocks})(\[.*\])?"
        addresses = tuple(address for address in draft.changes if re.fullmatch(pattern, address))
        assert addresses, f"{self.family} {self.blocks}: nothing to report"
        return Violation(f"configuration: {self.family}", addresses, frozenset({self.by}), _nothing, self.blocks, self.beside, spreads=True)


def _nothing(_: Draft) -> None:
    """Leave a plan as it is: the configuration has been changed."""


def without(attribute: str) -> Callable[[str], str]:
    """Leave an attribute out, which takes one line."""
    return lambda block: re.sub(rf"^ +{attribute} +=.*\n", "", block, flags=re.MULTILINE)


def instead(attribute: str, line: str) -> Callable[[str], str]:
    """Write another line for an attribute."""
    return lambda block: re.sub(rf"^ +{attribute} +=.*$", f"  {line}", block, flags=re.MULTILINE)


def _keys() -> Iterator[Rewriting]:
    for place, policy in KEYS.items():
        kind, path = place.split()
        attribute = path.rpartition(".")[2]
        blocks = rf"{kind}\.(?!access_logs)\w+"
        yield Rewriting("no key", blocks, without(attribute), policy)


_MATCHER = 'aws_iam_role.function["matcher"]'

CONFIGURATIONS: tuple[tuple[Rewriting, ...], ...] = (
    tuple(_keys()),
    (
        Rewriting(
            "one role for all functions",
            r"aws_lambda_function\.this",
            instead("role", f"role = {_MATCHER}.arn"),
            "lambda-role-shared",
            re.escape(_MATCHER),
        ),
        Rewriting(
            "group opened",
            r"aws_vpc_security_group_ingress_rule\.this",
            instead("referenced_security_group_id", 'cidr_ipv4 = "0.0.0.0/0"'),
            "security-group-world",
        ),
        Rewriting("any source", r"aws_lambda_permission\.\w+", without("source_arn"), "lambda-permission-source"),
        Rewriting("no password", r"aws_elasticache_replication_group\.this", without("auth_token"), "redis-authentication"),
        Rewriting("no policy", r"aws_vpc_endpoint\.\w+", without("policy"), "vpc-endpoint-own-account"),
        Rewriting(
            "no dead letters",
            r"aws_sns_topic_subscription\.\w+",
            without("redrive_policy"),
            "sns-subscription-dead-letters",
            beside=('aws_sqs_queue.dead_letter["external_notifications"]',),
        ),
        Rewriting("no group of its own", r"aws_rds_cluster\.this", without("db_cluster_parameter_group_name"), "database-parameters"),
        Rewriting("no end", r"aws_cloudwatch_log_group\.\w+", without("retention_in_days"), "log-group-retention"),
    ),
)
"""Changes of the configuration that are planned together."""


def write_configuration(root: Path, directory: Path, rewritings: tuple[Rewriting, ...]) -> None:
    """Write a changed configuration into a directory of its own."""
    for name in BESIDE:
        (directory / name).symlink_to(root / name)
    text = (root / "tap_stack.tf").read_text(encoding="utf-8")
    for rewriting in rewritings:
        text = rewriting.apply(text)
    (directory / "tap_stack.tf").write_text(text, encoding="utf-8")
