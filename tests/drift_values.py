"""Harmful changes of planned values: what the stack's safety hangs on, names, policies, and what runs against a rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from paritycheck.allowlist import AllowRule, Order, ProtectRule
from tests.drift import Documents, Generator, Mutant, Site, Stack, edit, find, marks, names, put

# One value in one environment ----------------------------------------------------------------------------------------


def other(value: Any) -> Any:
    """Return a value of the same kind that means something else."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value + "x"
    return "set"


def operation(stack: Stack, site: Site) -> tuple[str, Callable[[Documents], object]] | None:
    """Choose what to do to a value, and say it; ``None`` where nothing would be another meaning."""
    value = site.value
    if isinstance(value, list):
        choices = ["item added"] if all(isinstance(item, str) for item in value) else []
        choices += ["item dropped"] * bool(value)
    elif isinstance(value, dict):
        choices = ["dropped"] if value and site.inner and isinstance(site.inner[-1], str) and not is_statement_effect(site) else []
    else:
        choices = ["changed"] * 3 if value is not None else ["set"] * isinstance((site.inner or site.steps)[-1], str)
        choices += ["unknown"] if value not in (None, "") and len(site.steps) == 1 and not site.inner else []
        choices += ["null"] if value not in (None, "") and not site.inner and isinstance(site.steps[-1], str) else []
    if not choices:
        return None
    chosen = stack.random.choice(choices)
    return chosen, OPERATIONS[chosen](stack, site)


def is_statement_effect(site: Site) -> bool:
    """Tell whether dropping a value would leave something that is no policy at all."""
    return site.inner[-1] == "Statement"


def _added(_stack: Stack, site: Site) -> Callable[[Documents], object]:
    return put(site, [*site.value, "added"])


def _dropped_item(stack: Stack, site: Site) -> Callable[[Documents], object]:
    index = stack.random.randrange(len(site.value))

    def apply(documents: Documents) -> None:
        edit(site, lambda above, key: above[key].pop(index))(documents)
        if not site.inner:
            marks(documents[site.environment], site, lambda shape: shape.pop(index) if index < len(shape) else None)

    return apply


def _unknown(_stack: Stack, site: Site) -> Callable[[Documents], object]:
    def apply(documents: Documents) -> None:
        change = find(documents[site.environment], site.address)["change"]
        del change["after"][site.steps[0]]
        change["after_unknown"][site.steps[0]] = True

    return apply


OPERATIONS: Mapping[str, Callable[[Stack, Site], Callable[[Documents], object]]] = {
    "item added": _added,
    "item dropped": _dropped_item,
    "dropped": lambda _, site: edit(site, lambda above, key: above.pop(key)),
    "changed": lambda _, site: put(site, other(site.value)),
    "set": lambda _, site: put(site, "set"),
    "null": lambda _, site: put(site, None),
    "unknown": _unknown,
}

AREAS: Mapping[str, str] = {
    "another WebSocket route or integration": r"aws_apigatewayv2_(api|route|integration|route_response)\..+",
    "another WebSocket stage": r"aws_apigatewayv2_(stage|deployment)\..+",
    "another REST resource or integration": r"aws_api_gateway_(rest_api|resource|integration)\..+",
    "a REST method without its authorization or checks": r"aws_api_gateway_(method|request_validator|model)\..+",
    "CORS or another answer": r"(aws_api_gateway_(gateway|integration|method)_response|aws_s3_bucket_cors_configuration)\..+",
    "REST throttle or logs": r"aws_api_gateway_(method_settings|stage|deployment|account)\..+",
    "subscription or filter policy": r"aws_sns_topic_subscription\..+",
    "topic or its policy": r"aws_sns_topic(_policy)?\.(?!tags).+",
    "event filter": r"aws_lambda_event_source_mapping\.filter_criteria\..+",
    "event source mapping": r"aws_lambda_event_source_mapping\.(?!tags|filter).+",
    "failure destination or retries": r"aws_lambda_function_event_invoke_config\..+",
    "queue": r"aws_sqs_queue\.(?!tags).+",
    "queue policy": r"aws_sqs_queue_policy\..+",
    "permission to call": r"aws_lambda_permission\..+",
    "trust": r"aws_iam_role\.assume_role_policy\..+",
    "role": r"aws_iam_role(_policy_attachment)?\.(?!tags|assume).+",
    "what a role may do": r"aws_iam_role_policy\.policy\..+",
    "policy known after apply": r"aws_iam_policy_document\..+",
    "workflow": r"aws_sfn_state_machine\.(?!tags).+",
    "workflow's Retry, Catch or Map": r"aws_sfn_state_machine\.definition\.(?=.*(Retry|Catch|MaxConcurrency|Next|ItemsPath)).+",
    "schedule's target": r"aws_cloudwatch_event_(rule|target)\.(?!tags).+",
    "alarm's metric, period or expression": r"aws_cloudwatch_metric_alarm\.(?!threshold|tags).+",
    "metric filter": r"aws_cloudwatch_log_metric_filter\..+",
    "dashboard": r"aws_cloudwatch_dashboard\..+",
    "log retention": r"aws_cloudwatch_log_group\.(?!tags).+",
    "parameters of Redis and Aurora": r"aws_(elasticache|rds_cluster)_parameter_group\.parameter.+",
    "Redis": r"aws_elasticache_(replication_group|subnet_group)\.(?!tags).+",
    "Aurora": r"aws_(rds_cluster|rds_cluster_instance|db_subnet_group)\.(?!tags).+",
    "encryption": r".+\.\w*(kms|encrypt|sse|tls)\w*(\..+)?",
    "deletion protection and backups": r".+\.\w*(deletion|backup|snapshot|recovery|force_destroy|prevent)\w*(\..+)?",
    "table, key, index, TTL or stream": r"aws_dynamodb_table\.(?!tags).+",
    "Kinesis stream": r"aws_kinesis_stream\.(?!tags).+",
    "bucket's public access, versions or lifecycle": r"aws_s3_bucket_(public_access|versioning|lifecycle|ownership|server|logging)\w*\..+",
    "bucket's notification": r"aws_s3_bucket_notification\..+",
    "bucket policy": r"aws_s3_bucket_policy\.policy\..+",
    "endpoint and its policy": r"aws_vpc_endpoint\.(?!tags).+",
    "rule of a security group": r"aws_(vpc_security_group_\w+_rule|security_group|default_security_group)\.(?!tags).+",
    "network": r"aws_(vpc|subnet|route|route_table|nat_gateway|eip|flow_log|internet_gateway)\.(?!tags).+",
    "secret": r"(aws_secretsmanager_\w+|random_password)\..+",
    "key": r"aws_kms_(key|alias)\.(?!tags).+",
    "function": r"aws_lambda_(function|layer_version)\.(?!tags|environment).+",
    "function's environment": r"aws_lambda_function\.environment\..+",
    "tag": r".+\.tags(_all)?\..+",
}
"""What the stack's safety hangs on, by type and path of the planned values."""


def changed_values(kind: str, pattern: str) -> Generator:
    """Return a generator that changes, drops, adds or hides values whose type and path a pattern matches."""
    matches = re.compile(pattern).fullmatch

    def generate(stack: Stack, count: int) -> Iterator[Mutant]:
        for site in stack.pick(lambda site: bool(matches(site.name)) and not is_entry(site) and stack.fixed(site), 4 * count):
            if count and (chosen := operation(stack, site)):
                count -= 1
                protected = any(isinstance(rule, ProtectRule) for rule in stack.rules(site.address, site.path))
                rule = "protected-difference" if protected else "undecidable-value" if chosen[0] == "unknown" else ""
                yield Mutant(kind, site.environment, chosen[1], site.address, site.path, rule, f"{chosen[0]} {site.value!r:.60}")

    return generate


def is_entry(site: Site) -> bool:
    """Tell whether a place is an item of a list that is a set: its fellows may take its place, so its list is the place to change."""
    return isinstance((site.inner or site.steps)[-1], int) and isinstance(site.value, list | dict)


def foreign_names(stack: Stack, count: int) -> Iterator[Mutant]:
    """Hard-code another environment's name in one environment."""
    for site in stack.pick(lambda site: isinstance(site.value, str) and not _is_json(site) and names(site.value, site.environment), count):
        stranger = stack.random.choice([name for name in stack.environments if name != site.environment])
        change = put(site, site.value.replace(site.environment, stranger))
        yield Mutant("environment name hard-coded", site.environment, change, site.address, site.path, "environment-leak", site.value[:60])


def hard_coded_names(stack: Stack, count: int) -> Iterator[Mutant]:
    """Hard-code one environment's name in all environments."""
    for site in stack.pick(
        lambda site: isinstance(site.value, str) and not _is_json(site) and names(site.value, site.environment), count * 2
    ):
        if count and stack.everywhere(site):
            count -= 1
            changes = [put(site, site.value, name) for name in stack.environments]
            yield Mutant("one name everywhere", "*", together(changes), site.address, site.path, "environment-leak", site.value[:60])


def _is_json(site: Site) -> bool:
    return bool(site.value.lstrip().startswith(("{", "[")))


def together(changes: Sequence[Callable[[Documents], object]]) -> Callable[[Documents], None]:
    """Return what makes several changes."""

    def apply(documents: Documents) -> None:
        for change in changes:
            change(documents)

    return apply


def widened_policies(stack: Stack, count: int) -> Iterator[Mutant]:
    """Let a statement of one environment allow everything, everyone, or without its condition."""

    def wanted(site: Site) -> bool:
        return bool(site.inner and site.inner[-1] in ("Action", "Resource", "Principal", "Condition") and "Effect" in site.above())

    for site in stack.pick(lambda site: wanted(site) and site.value != "*", count):
        change = edit(site, lambda above, key: above.pop(key)) if site.inner[-1] == "Condition" else put(site, "*")
        yield Mutant("statement widened", site.environment, change, site.address, site.path, "value-difference", f"{site.value!r:.60}")


def protected_values(stack: Stack, count: int) -> Iterator[Mutant]:
    """Change in one environment what a protect rule names."""

    def wanted(site: Site) -> bool:
        scalar = site.value is not None and not isinstance(site.value, list | dict)
        return scalar and any(isinstance(rule, ProtectRule) for rule in stack.rules(site.address, site.path))

    for site in stack.pick(wanted, count):
        change = put(site, other(site.value))
        yield Mutant("protected value changed", site.environment, change, site.address, site.path, "protected-difference")


# What may differ, but not like that ----------------------------------------------------------------------------------


def ordered(stack: Stack, site: Site) -> AllowRule | None:
    """Return the rule that lets a number differ within an order, if there is one."""
    rules = [rule for rule in stack.rules(site.address, site.path) if isinstance(rule, AllowRule) and rule.order]
    number = isinstance(site.value, int | float) or (isinstance(site.value, str) and site.value.isdigit())
    return rules[0] if rules and number and not isinstance(site.value, bool) and stack.everywhere(site) else None


def like(value: Any, number: float) -> Any:
    """Write a number as a value is written."""
    return str(number) if isinstance(value, str) else number


def falling_values(stack: Stack, count: int) -> Iterator[Mutant]:
    """Let an allowed number run against its order: staging smaller than dev, or prod smaller than both."""
    for site in stack.pick(lambda site: ordered(stack, site) is not None, count):
        rule, numbers = ordered(stack, site), list(map(float, stack.everywhere(site) or ()))
        rising = rule is not None and rule.order is Order.ASCENDING
        first, last = stack.environments[0], stack.environments[-1]
        where, new = (
            (first, max(numbers) + 1) if stack.random.random() < 0.5 or min(numbers) - 1 < _floor(rule) else (last, min(numbers) - 1)
        )
        if not rising:
            where, new = (first, min(numbers) / 2)
        change = put(site, like(site.value, new if new % 1 else int(new)), where)
        yield Mutant("allowed value runs the wrong way", where, change, site.address, site.path, "order-violation", f"{numbers} {new}")


def _floor(rule: AllowRule | None) -> float:
    return rule.min if rule and rule.min is not None else float("-inf")


def values_beyond_limits(stack: Stack, count: int) -> Iterator[Mutant]:
    """Let an allowed number leave its limits, in the order that it must have."""
    for site in stack.pick(lambda site: ordered(stack, site) is not None, count):
        rule = ordered(stack, site)
        bounds = [(rule.min, -1), (rule.max, 1)] if rule else []
        limit, step = stack.random.choice([(limit, step) for limit, step in bounds if limit is not None])
        rising = rule is not None and rule.order is Order.ASCENDING
        where = stack.environments[-1 if (step > 0) is rising else 0]
        change = put(site, like(site.value, int(limit) + step), where)
        yield Mutant("allowed value beyond its limit", where, change, site.address, site.path, "limit-violation", str(limit + step))
