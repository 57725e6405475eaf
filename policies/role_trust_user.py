"""A role trusts the services that the configuration gives it to: trust in another is trust for nothing."""

import re
from collections.abc import Iterator

from _demands import ResourceCheck, Verdict, every, verdict
from _documents import TRUST, allows, document, services
from _planned import Planned
from paritycheck_checks.iam import Policy

USERS = {
    "aws_api_gateway_account": ("cloudwatch_role_arn", "apigateway"),
    "aws_cloudwatch_event_target": ("role_arn", "events"),
    "aws_db_instance": ("monitoring_role_arn", "monitoring.rds"),
    "aws_flow_log": ("iam_role_arn", "vpc-flow-logs"),
    "aws_lambda_function": ("role", "lambda"),
    "aws_pipes_pipe": ("role_arn", "pipes"),
    "aws_rds_cluster_instance": ("monitoring_role_arn", "monitoring.rds"),
    "aws_scheduler_schedule": ("target.role_arn", "scheduler"),
    "aws_sfn_state_machine": ("role_arn", "states"),
}
"""What has a role: the attribute that names it, and the service that takes it on."""


def _takers(role: Planned) -> Iterator[str]:
    """Yield the services that take a role on."""
    for user in role.users(*USERS):
        attribute, service = USERS[user.type]
        if user.means(attribute, role):
            yield service


def _trusts_takers(policy: Policy, role: Planned) -> Verdict:
    grants = [statement for statement in policy.statements if allows(statement, "sts:AssumeRole")]
    trusted = [name for statement in grants for name in services(statement)]
    wanted = (re.compile(rf"{re.escape(taker)}(\.[\w-]+)?\.amazonaws\.com(\.cn)?") for taker in _takers(role))
    return every(Verdict.HOLDS if any(map(each.fullmatch, trusted)) else _missing(policy) for each in wanted)


def _missing(policy: Policy) -> Verdict:
    """Return the verdict on a policy that does not trust somebody, as far as it is known."""
    whole = not policy.unknown and all(statement.is_known for statement in policy.statements)
    return verdict(holds=False if whole else None)


check = ResourceCheck(
    id="CKV_TAP_59",
    name="A role trusts the service that has it",
    guideline="Name the service that takes the role on, such as `lambda.amazonaws.com` for a function, and no other.",
    severity="MEDIUM",
    category="IAM",
    demands={"aws_iam_role": document(TRUST["aws_iam_role"], _trusts_takers)},
)
