"""Violations that take more than one value: rules of groups, parameters, roles that are shared, companions that are missing."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from tests.policy.violations import Draft, Violation, putting, removing

_GROUP = "security-group-from-group"
_WORLD = "security-group-world"

_COMPANIONS = {
    "aws_s3_bucket_policy": ("aws_s3_bucket", "s3-bucket-policy"),
    "aws_s3_bucket_public_access_block": ("aws_s3_bucket", "s3-bucket-public-access-block"),
    "aws_s3_bucket_server_side_encryption_configuration": ("aws_s3_bucket", "s3-bucket-encryption"),
    "aws_s3_bucket_versioning": ("aws_s3_bucket", "s3-bucket-versions"),
    "aws_sns_topic_policy": ("aws_sns_topic", "sns-topic-policy"),
    "aws_sqs_queue_policy": ("aws_sqs_queue", "sqs-queue-policy"),
    "aws_rds_cluster_parameter_group": ("aws_rds_cluster", "database-parameters"),
}
"""What has to be beside a resource, and the policy that must notice where it is not."""

_RANGES = {
    "cidr_ipv4": (("0.0.0.0/0", _WORLD), ("128.0.0.0/1", _WORLD), ("10.0.0.0/16", _GROUP)),
    "cidr_ipv6": (("::/0", _WORLD), ("2001:db8::/32", _GROUP)),
}

_MANAGED = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "AmazonS3FullAccess", "AWSLambda_FullAccess", "ReadOnlyAccess")

_RULE = {
    "description": "",
    "from_port": 0,
    "ipv6_cidr_blocks": [],
    "prefix_list_ids": [],
    "protocol": "-1",
    "security_groups": [],
    "self": False,
    "to_port": 0,
}


_EVERY_PORT = {
    "cidr_ipv4": "0.0.0.0/0",
    "referenced_security_group_id": None,
    "ip_protocol": "-1",
    "from_port": None,
    "to_port": None,
}
_EGRESS = "security-group-egress"


def resource_violations(draft: Draft) -> Iterator[Violation]:
    """Break a plan in ways that take more than one value."""
    yield from _opened_groups(draft)
    yield from _parameters(draft)
    yield from _missing_companions(draft)
    yield from _managed_policies(draft)
    yield from _shared_roles(draft)
    yield from _passwords(draft)


def _violation(
    family: str, addresses: tuple[str, ...], by: str, apply: Callable[[Draft], object], detail: str, **options: Any
) -> Violation:
    return Violation(family, addresses, frozenset(by.split()), apply, detail, **options)


def _opened_groups(draft: Draft) -> Iterator[Violation]:
    for change in draft.of_type("aws_vpc_security_group_ingress_rule"):
        for attribute, ranges in _RANGES.items():
            for addresses, policy in ranges:
                yield _opened(change["address"], {attribute: addresses, "referenced_security_group_id": None}, policy, addresses)
        yield _opened(change["address"], _EVERY_PORT, _WORLD, "all ports")
        yield _opened(
            change["address"], {"ip_protocol": "-1", "from_port": None, "to_port": None}, "security-group-ports", "all ports to a group"
        )
    for change in draft.of_type("aws_vpc_security_group_egress_rule"):
        yield _opened(change["address"], {**_EVERY_PORT, "prefix_list_id": None}, _EGRESS, "all ports of the world")
    for change in draft.of_type("aws_security_group", "aws_default_security_group"):
        default = "default-security-group" if "default" in change["type"] else ""
        for key, addresses, policy in (
            ("cidr_blocks", "0.0.0.0/0", _WORLD),
            ("ipv6_cidr_blocks", "::/0", _WORLD),
            ("cidr_blocks", "10.0.0.0/16", _GROUP),
        ):
            rule = {**_RULE, "cidr_blocks": [], key: [addresses]}
            yield _opened(change["address"], {"ingress": [rule]}, default or policy, addresses)
        yield _opened(change["address"], {"egress": [{**_RULE, "cidr_blocks": ["0.0.0.0/0"]}]}, default or _EGRESS, "egress")


def _opened(address: str, values: dict[str, Any], policy: str, detail: str) -> Violation:
    return _violation(
        "security group opened", (address,), policy, putting(address, {(name,): value for name, value in values.items()}), detail
    )


def _parameters(draft: Draft) -> Iterator[Violation]:
    for change in draft.of_type("aws_rds_cluster_parameter_group"):
        parameters = draft.value(change["address"], ("parameter",))
        others = [each for each in parameters if each["name"] != "require_secure_transport"]
        for value in (None, "OFF", "0"):
            new = others if value is None else [*others, {"apply_method": "immediate", "name": "require_secure_transport", "value": value}]
            yield _violation(
                "transport in plain text",
                (change["address"],),
                "database-tls",
                putting(change["address"], {("parameter",): new}),
                f"require_secure_transport {value}",
            )


def _missing_companions(draft: Draft) -> Iterator[Violation]:
    """Plan each bucket, queue, topic and cluster without one of the resources that make it safe."""
    for kind, (owner, policy) in _COMPANIONS.items():
        for change in list(draft.of_type(kind)):
            address = change["address"]
            owned = address.replace(kind, owner)
            yield _violation(
                "companion missing",
                (owned,),
                policy,
                removing(address),
                kind,
                beside=(address,),
                spreads="encryption" in kind,
            )
    functions = [change["address"] for change in draft.of_type("aws_lambda_function")]
    groups = [address.replace("aws_lambda_function.this", "aws_cloudwatch_log_group.function") for address in functions]
    yield _violation(
        "companion missing",
        tuple(functions),
        "lambda-log-group",
        removing(*groups),
        "aws_cloudwatch_log_group",
        beside=tuple(groups),
        spreads=True,
    )


def _managed_policies(draft: Draft) -> Iterator[Violation]:
    """Attach one of AWS's own policies for whole services to each role."""
    for number, change in enumerate(draft.of_type("aws_iam_role")):
        role, name = change["address"], _MANAGED[number % len(_MANAGED)]
        added = f"aws_iam_role_policy_attachment.added[{role!r}]"
        arn = f"arn:aws:iam::aws:policy/{name}"
        yield _violation(
            "AWS's policy for a whole service",
            (added,),
            "iam-managed-policy",
            _attaching(added, role, arn),
            name,
            beside=(role,),
            spreads=True,
        )
        yield _violation(
            "AWS's policy for a whole service",
            (role,),
            "iam-managed-policy",
            putting(role, {("managed_policy_arns",): [arn]}),
            f"in the role: {name}",
            spreads=True,
        )


def _attaching(address: str, role: str, arn: str) -> Callable[[Draft], None]:
    def apply(draft: Draft) -> None:
        attachment = copy.deepcopy(next(draft.of_type("aws_iam_role_policy_attachment")))
        attachment |= {"address": address, "name": "added"}
        attachment["change"]["after"] |= {"policy_arn": arn, "role": draft.value(role, ("name",))}
        draft.document["resource_changes"].append(attachment)

    return apply


def _shared_roles(draft: Draft) -> Iterator[Violation]:
    """Give each function the role of the next one."""
    functions = [change["address"] for change in draft.of_type("aws_lambda_function")]
    for mine, other in zip(functions, [*functions[1:], functions[0]], strict=True):
        role = other.replace("aws_lambda_function.this", "aws_iam_role.function")
        arn = f"arn:aws:iam::123456789012:role/{draft.value(role, ('name',))}"
        yield _violation(
            "role of another function",
            (mine,),
            "missing-grant",
            putting(mine, {("role",): arn}),
            arn.rpartition("/")[2],
            beside=(role, role.replace("aws_iam_role", "aws_iam_role_policy"), other),
        )


def _passwords(draft: Draft) -> Iterator[Violation]:
    """Write a database's password down instead of leaving it to RDS."""
    for change in draft.of_type("aws_rds_cluster"):
        yield _violation(
            "password written down",
            (change["address"],),
            "database-password-customer-key",
            putting(change["address"], {("manage_master_user_password",): None, ("master_password",): "only-for-tests"}),
            "",
            spreads=True,
        )
