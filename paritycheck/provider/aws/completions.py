"""What single resource types know at plan time, beyond what facts can say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from paritycheck.provider.interface import UNKNOWN, Object, Value

_DISTRIBUTED = ("on_demand_base_capacity", "on_demand_percentage_above_base_capacity", "spot_instance_pools")

Completion = Callable[[Object, Object | None], None]
"""Completes a planned object in place; also takes the prior one."""


def complete_certificate(planned: Object, prior: Object | None) -> None:
    """Name the domains of a certificate, and of its validation by DNS, which configurations loop over."""
    domain, others = planned["domain_name"], planned["subject_alternative_names"]
    if not isinstance(domain, str):
        return
    names = [domain] if others is UNKNOWN else sorted({domain, *others})
    if _is_configured(others) or others is UNKNOWN:
        planned["subject_alternative_names"] = names
    if prior is None and planned["validation_method"] == "DNS":
        planned["domain_validation_options"] = [_validation_option(name) for name in names]


def _is_configured(value: Value) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _validation_option(name: str) -> Object:
    record = dict.fromkeys(("resource_record_name", "resource_record_type", "resource_record_value"), UNKNOWN)
    return {"domain_name": name, **record}


def complete_lifecycle(planned: Object, prior: Object | None) -> None:
    """Let an empty filter match every object's prefix."""
    del prior
    rules = planned["rule"] if isinstance(planned["rule"], list) else []
    for blocks in (rule["filter"] for rule in rules if isinstance(rule, dict) and isinstance(rule["filter"], list)):
        for each in blocks:
            if isinstance(each, dict) and not any(each.values()):
                each["prefix"] = ""


def complete_queue(planned: Object, prior: Object | None) -> None:
    """Drop the reuse period of a key that the queue's own encryption does not have."""
    del prior
    if planned["sqs_managed_sse_enabled"] is True:
        planned["kms_data_key_reuse_period_seconds"] = 0


def complete_function(planned: Object, prior: Object | None) -> None:
    """Drop an environment without variables, and expect a new version of what publishes each change."""
    if isinstance(planned["environment"], list):
        planned["environment"] = [block for block in planned["environment"] if block is UNKNOWN or block["variables"] is not None]
    if prior is not None and planned["publish"] is True and planned != prior:
        planned.update(dict.fromkeys(("version", "qualified_arn", "qualified_invoke_arn"), UNKNOWN))


def complete_group(planned: Object, prior: Object | None) -> None:
    """Write what the provider writes for the id of a launch template that is named, and for the numbers beside overrides."""
    if prior is not None:
        return
    for block in _blocks(planned, "launch_template"):
        if isinstance(block["name"], str) and block["id"] is UNKNOWN:
            block["id"] = "unknown"
    for policy in _blocks(planned, "mixed_instances_policy"):
        if any(True for template in _blocks(policy, "launch_template") for _ in _blocks(template, "override")):
            for distribution in _blocks(policy, "instances_distribution"):
                distribution |= {name: 0 for name in _DISTRIBUTED if distribution[name] is UNKNOWN}


def _blocks(planned: Object, name: str) -> Iterator[Object]:
    """Yield the known nested blocks of a kind."""
    found = planned[name]
    yield from (block for block in found if isinstance(block, dict)) if isinstance(found, list) else ()


COMPLETIONS: Mapping[str, Completion] = {
    "aws_acm_certificate": complete_certificate,
    "aws_autoscaling_group": complete_group,
    "aws_lambda_function": complete_function,
    "aws_s3_bucket_lifecycle_configuration": complete_lifecycle,
    "aws_sqs_queue": complete_queue,
}
"""Completions by resource type."""
