"""The policy documents of planned resources, and what checks ask of their statements."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from _demands import Demand, Verdict, every, verdict
from _planned import Planned
from paritycheck_checks import foreseen, is_unknown
from paritycheck_checks.iam import UNKNOWN, Action, Condition, Effect, Policy, PolicyError, Statement, parse_policy, text_pattern

IDENTITY: Mapping[str, str] = {
    "aws_iam_group_policy": "policy",
    "aws_iam_policy": "policy",
    "aws_iam_role": "inline_policy.policy",
    "aws_iam_role_policy": "policy",
    "aws_iam_user_policy": "policy",
    "aws_ssoadmin_permission_set_inline_policy": "inline_policy",
}
"""Where the policies of roles, users and groups are: the path of the document by type."""

TRUST: Mapping[str, str] = {"aws_iam_role": "assume_role_policy"}
"""Where it says who may take a role on."""

KEYS: Mapping[str, str] = {
    "aws_kms_key": "policy",
    "aws_kms_key_policy": "policy",
    "aws_kms_external_key": "policy",
    "aws_kms_replica_external_key": "policy",
    "aws_kms_replica_key": "policy",
}
"""Where the policies of KMS keys are."""

RESOURCES: Mapping[str, str] = {
    "aws_acmpca_policy": "policy",
    "aws_api_gateway_domain_name": "policy",
    "aws_api_gateway_rest_api": "policy",
    "aws_api_gateway_rest_api_policy": "policy",
    "aws_backup_vault_policy": "policy",
    "aws_cloudwatch_event_bus_policy": "policy",
    "aws_cloudwatch_log_destination_policy": "access_policy",
    "aws_cloudwatch_log_resource_policy": "policy_document",
    "aws_codeartifact_domain_permissions_policy": "policy_document",
    "aws_codeartifact_repository_permissions_policy": "policy_document",
    "aws_codebuild_resource_policy": "policy",
    "aws_dynamodb_resource_policy": "policy",
    "aws_ecr_registry_policy": "policy",
    "aws_ecr_repository_policy": "policy",
    "aws_efs_file_system_policy": "policy",
    "aws_elasticsearch_domain": "access_policies",
    "aws_elasticsearch_domain_policy": "access_policies",
    "aws_glacier_vault": "access_policy",
    "aws_glue_resource_policy": "policy",
    "aws_kinesis_resource_policy": "policy",
    "aws_media_store_container_policy": "policy",
    "aws_msk_cluster_policy": "policy",
    "aws_networkfirewall_resource_policy": "policy",
    "aws_opensearch_domain": "access_policies",
    "aws_opensearch_domain_policy": "access_policies",
    "aws_redshift_resource_policy": "policy",
    "aws_redshiftserverless_resource_policy": "policy",
    "aws_s3_access_point": "policy",
    "aws_s3_bucket": "policy",
    "aws_s3_bucket_policy": "policy",
    "aws_s3control_access_point_policy": "policy",
    "aws_s3control_bucket_policy": "policy",
    "aws_s3control_multi_region_access_point_policy": "details.policy",
    "aws_s3control_object_lambda_access_point_policy": "policy",
    "aws_s3tables_table_bucket_policy": "resource_policy",
    "aws_s3tables_table_policy": "resource_policy",
    "aws_schemas_registry_policy": "policy",
    "aws_secretsmanager_secret": "policy",
    "aws_secretsmanager_secret_policy": "policy",
    "aws_ses_identity_policy": "policy",
    "aws_sesv2_email_identity_policy": "policy",
    "aws_sns_topic": "policy",
    "aws_sns_topic_policy": "policy",
    "aws_sqs_queue": "policy",
    "aws_sqs_queue_policy": "policy",
    "aws_vpclattice_auth_policy": "policy",
    "aws_vpclattice_resource_policy": "policy",
    "aws_xray_resource_policy": "policy_document",
}
"""Where the policies of other resources are."""

ENDPOINTS: Mapping[str, str] = {"aws_vpc_endpoint": "policy", "aws_vpc_endpoint_policy": "policy"}
"""Where it says what may pass a VPC endpoint; such a policy allows nothing that others do not."""


Judge = Callable[[Policy, Planned], Verdict]
"""What a check says of a policy that a resource has."""


def document(path: str, judge: Judge, *, malformed: Verdict = Verdict.ABSENT) -> Demand:
    """Demand something of a policy document; what is no policy is for another check to refuse."""

    def judge_one(value: Any, planned: Planned) -> Verdict:
        if value is None or (not is_unknown(value) and value == ""):
            return Verdict.ABSENT
        policy = read(value)
        if policy is None:
            return Verdict.OPEN if is_unknown(value) else malformed
        return judge(policy, planned)

    return Demand(lambda planned: every(judge_one(value, planned) for value in planned.values(path)), (path,))


Look = Callable[[Statement], bool]
"""Whether a statement is of some kind, by what is known of it."""


def is_partly_unknown(statement: Statement) -> bool:
    """Whether something of a statement is known only after apply."""
    return not statement.is_known


def no_statement(offends: Look, hides: Look = is_partly_unknown) -> Judge:
    """Demand that no statement of a document offends; one that `hides` what it is about may yet turn out to."""

    def judge_one(statement: Statement) -> Verdict:
        if offends(statement):
            return Verdict.OPEN if _has_unknown_conditions(statement) else Verdict.FAILS
        return Verdict.OPEN if hides(statement) else Verdict.HOLDS

    def judge(policy: Policy, _: Planned) -> Verdict:
        return every([Verdict.OPEN if policy.unknown else Verdict.HOLDS, *map(judge_one, policy.statements)])

    return judge


def no_grant(offends: Look, hides: Look = is_partly_unknown) -> Judge:
    """Demand that no statement that allows something offends."""

    def grants(look: Look) -> Look:
        return lambda statement: statement.effect is Effect.ALLOW and look(statement)

    return no_statement(grants(offends), grants(hides))


def unless_unknown(policy: Policy, *, holds: bool, hides: Look = is_partly_unknown) -> Verdict:
    """Return the verdict of a test of a whole policy, of which more may turn out after apply."""
    if holds and (policy.unknown or any(map(hides, policy.statements))):
        return Verdict.OPEN
    return verdict(holds=holds)


def has_unknown_actions(statement: Statement) -> bool:
    """Whether it is not known what a statement is about, whatever its resources are."""
    return statement.actions.unknown


def _has_unknown_conditions(statement: Statement) -> bool:
    """Whether a statement may turn out to be about less than it seems."""
    return statement.unknown or any(condition.unknown for condition in statement.conditions)


def in_documents(places: Mapping[str, str], judge: Judge) -> dict[str, Demand]:
    """Make the same demand of the documents of several types."""
    return {type_: document(path, judge) for type_, path in places.items()}


def read(value: Any) -> Policy | None:
    """Read a document, as its text, as checkov decodes it, or as it is foreseen.

    Return `None` for what AWS would refuse, and for what nobody knows yet.
    """
    if is_unknown(value):
        return _parse_foreseen(foreseen(value))
    try:
        return _parse(value if isinstance(value, str) else json.dumps(value))
    except (TypeError, ValueError, RecursionError):
        return None


@lru_cache(maxsize=4096)
def _parse(text: str) -> Policy | None:
    try:
        return parse_policy(text)
    except PolicyError:
        return None


def _parse_foreseen(told: Any) -> Policy | None:
    try:
        return None if told is None else parse_policy(told if isinstance(told, str) else _with_unknown(told))
    except PolicyError:
        return None


def _with_unknown(told: Any) -> Any:
    """Put `UNKNOWN` for what is not foreseen."""
    if isinstance(told, dict):
        return {key: _with_unknown(part) for key, part in told.items()}
    if isinstance(told, list):
        return [_with_unknown(part) for part in told]
    return UNKNOWN if told is None else told


def allows(statement: Statement, action: str) -> bool:
    """Whether a statement allows an action, on whatever resource and condition."""
    matches = any(pattern.matches(action.lower()) for pattern in statement.action_patterns())
    return statement.effect is Effect.ALLOW and matches is not statement.actions.negated


def services(statement: Statement) -> tuple[str, ...]:
    """Return the AWS services that a statement names as principals."""
    return tuple(each.name for each in statement.principals.values if each.kind == "Service") if statement.principals else ()


def is_public(statement: Statement) -> bool:
    """Whether a statement is about everybody: nobody in particular is named, and no condition says who."""
    principals = statement.principals
    if principals is None:
        return False
    anybody = principals.negated or any("*" in each.name and each.kind != "Service" for each in principals.values)
    return anybody and not restricts(statement, WHO)


SOURCE = frozenset({"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"})
"""Condition keys that tell on whose behalf a service acts."""

WHO = SOURCE | {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceip",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "aws:vpcsourceip",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
}
"""Condition keys that tell who asks, or from where."""

_POSITIVE = {"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress"}


def restricts(statement: Statement, keys: frozenset[str] | set[str]) -> bool:
    """Whether one of a statement's conditions is about one of some keys, and lets only some of its values through."""
    return any(condition.key in keys and narrows(condition) for condition in statement.conditions)


def narrows(condition: Condition) -> bool:
    """Whether a condition demands that its key is there and has a value that not just any request has."""
    if condition.operator not in _POSITIVE or condition.if_exists or condition.quantifier == "ForAllValues":
        return False
    test = _is_some_network if condition.operator == "IpAddress" else says_something
    return bool(condition.values) and all(map(test, condition.values))


_KINDS = re.compile(r"((o|ou|r|vpc|vpce)-|A[A-Z]{3}|)", re.ASCII)
"""How identifiers of a kind begin, whosoever's they are."""


def says_something(value: str) -> bool:
    """Whether a pattern says whose it is: of an ARN, that is the account, or the name of what has none in its ARN, as buckets."""
    if not value.startswith("arn:"):
        return _KINDS.fullmatch(value.strip("*?:")) is None
    account, name = (*value.split(":", 5), "", "", "", "", "")[4:6]
    return not {"*", "?"} & set(account) if account else bool(name.strip("*?/:"))


def includes_a_type(resource: str, action: Action) -> bool:
    """Whether a pattern includes all resources of one of the types that an action is about."""
    if resource == "*":
        return True
    *_, service, _, _, name = ("", "", "", *resource.split(":", 5))[-6:]
    formats = (each.arn.split(":", 5) for each in action.resource_types)
    # A wildcard matches the variables of a format as they are written, and a literal does not: what matches includes them all.
    return any(text_pattern(service).matches(each[2]) and text_pattern(name).matches(each[5]) for each in formats if len(each) > 5)


def _is_some_network(value: str) -> bool:
    """Whether a range of addresses is one of somebody, as S3 itself draws the line: /8, or /32 of IPv6."""
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= (8 if network.version == 4 else 32)
