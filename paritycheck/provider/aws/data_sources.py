"""Data sources that are answered for real: pure functions of their arguments, the account and the region."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from paritycheck.provider.aws.arn import parse_arn
from paritycheck.provider.aws.availability_zones import read_availability_zone, read_availability_zones
from paritycheck.provider.aws.context import AwsContext
from paritycheck.provider.aws.filters import matches
from paritycheck.provider.aws.policy_document import read_policy_document
from paritycheck.provider.aws.regions import Region, load_regions
from paritycheck.provider.interface import UNKNOWN, Diagnostic, Object, Refused

Reader = Callable[[Object, AwsContext], Object]
"""Takes a configuration of known values and returns the data source's whole object; raises `Refused`."""

_BILLING_ACCOUNT = "386209384616"
_LOG_DELIVERY_IDS = {
    "aws": "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0",
    "aws-cn": "a52cb28745c0c06e84ec548334e44bfa7fc2a85c54af20cd59e4969344b7af56",
}
# NOTE: outside the commercial partition, these services have a principal of the partition's own.
# https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/region-info/lib/default.ts
_OWN_PRINCIPALS = {
    "aws-cn": frozenset({"codedeploy", "elasticmapreduce", "logs"}),
    "aws-iso": frozenset({"cloudhsm", "config", "logs", "workspaces"}),
    "aws-iso-b": frozenset({"dms", "logs"}),
}
_LOAD_BALANCERS: Mapping[str, Callable[[Region], str | None]] = {
    "application": lambda region: region.elb_zone,
    "network": lambda region: region.nlb_zone,
}


def _read_arn(config: Object, context: AwsContext) -> Object:  # noqa: ARG001 - a reader's signature
    try:
        arn = parse_arn(config["arn"])
    except ValueError as error:
        raise Refused(Diagnostic("Invalid ARN", f"{error}.", ("arn",))) from error
    parts = {"partition": arn.partition, "service": arn.service, "region": arn.region, "account": arn.account_id, "resource": arn.resource}
    return {**config, **parts, "id": config["arn"]}


def _read_caller_identity(config: Object, context: AwsContext) -> Object:
    return {**config, "id": context.account_id, "account_id": context.account_id, "arn": context.caller_arn, "user_id": context.caller_id}


def _read_canonical_user_id(config: Object, context: AwsContext) -> Object:
    return {**config, "id": hashlib.sha256(context.account_id.encode()).hexdigest(), "display_name": ""}


def _read_partition(config: Object, context: AwsContext) -> Object:
    return {
        **config,
        "id": context.partition,
        "partition": context.partition,
        "dns_suffix": context.dns_suffix,
        "reverse_dns_prefix": _reverse(context.dns_suffix),
    }


def _read_default_tags(config: Object, context: AwsContext) -> Object:
    tags = {} if context.default_tags is UNKNOWN else context.default_tags
    return {**config, "id": context.partition, "tags": {key: value for key, value in tags.items() if value is not UNKNOWN}}


def _read_region(config: Object, context: AwsContext) -> Object:
    regions = load_regions()
    endpoints = {_endpoint(name, region): name for name, region in regions.items()}
    name = config["name"] or endpoints.get(config["endpoint"] or "") or context.region
    if name not in regions or config["endpoint"] not in (None, "", _endpoint(name, regions[name])):
        given = {key: config[key] for key in ("name", "endpoint") if config[key]} or {"region": name}
        raise Refused(
            Diagnostic("Unknown region", "No region has " + " and ".join(f"{key} {value!r}" for key, value in given.items()) + ".")
        )
    return {**config, "id": name, "name": name, "endpoint": _endpoint(name, regions[name]), "description": regions[name].description}


def _endpoint(name: str, region: Region) -> str:
    return f"ec2.{name}.{region.dns_suffix}"


def _read_regions(config: Object, context: AwsContext) -> Object:
    names = [
        name
        for name, region in load_regions().items()
        if AwsContext(region=name).partition == context.partition
        and (config["all_regions"] or not region.opt_in)
        and matches(_describe_region(name, region), config["filter"])
    ]
    return {**config, "id": context.partition, "names": names}


def _describe_region(name: str, region: Region) -> dict[str, str]:
    """Describe a region by the names that EC2's filters have."""
    opt_in = "not-opted-in" if region.opt_in else "opt-in-not-required"
    return {"region-name": name, "endpoint": _endpoint(name, region), "opt-in-status": opt_in}


def _read_service(config: Object, context: AwsContext) -> Object:
    name = config["reverse_dns_name"]
    if config["dns_name"] is not None:
        name = _reverse(config["dns_name"])
    prefix, region, service = config["reverse_dns_prefix"], config["region"], config["service_id"]
    if name is not None:
        if name.count(".") < 3:
            raise Refused(Diagnostic("Invalid service name", f"{name!r} has fewer than four parts."))
        prefix, region, service = name.rsplit(".", 2)
    if service is None:
        raise Refused(Diagnostic("Unknown service", "Give service_id, dns_name or reverse_dns_name."))
    prefix, region = prefix or _reverse(context.dns_suffix), region or context.region
    reverse_name = f"{prefix}.{region}.{service}"
    return {
        **config,
        "id": reverse_name,
        "dns_name": _reverse(reverse_name).lower(),
        "partition": AwsContext(region=region).partition,
        "region": region,
        "reverse_dns_name": reverse_name,
        "reverse_dns_prefix": prefix,
        "service_id": service,
        "supported": True,
    }


def _read_service_principal(config: Object, context: AwsContext) -> Object:
    service, region = config["service_name"], config["region"] or context.region
    _find_region(region)
    regional = AwsContext(region=region)
    own = service in _OWN_PRINCIPALS.get(regional.partition, ())
    suffix = regional.dns_suffix if own else "amazonaws.com"
    return {**config, "id": f"{service}.{region}.{suffix}", "name": f"{service}.{suffix}", "region": region, "suffix": suffix}


def _read_log_delivery_id(config: Object, context: AwsContext) -> Object:
    partition = AwsContext(region=config["region"] or context.region).partition
    return {**config, "region": config["region"] or None, "id": _LOG_DELIVERY_IDS.get(partition, _LOG_DELIVERY_IDS["aws"])}


def _read_billing_account(config: Object, context: AwsContext) -> Object:
    return {**config, "id": _BILLING_ACCOUNT, "arn": f"arn:{context.partition}:iam::{_BILLING_ACCOUNT}:root"}


def _regional_account(pick: Callable[[Region], str | None], user: str = "root") -> Reader:
    """Make the reader of a data source for an account that AWS has in each region."""

    def read(config: Object, context: AwsContext) -> Object:
        account = _regional(config, context, pick)
        return {**config, "region": config["region"] or None, "id": account, "arn": f"arn:{context.partition}:iam::{account}:{user}"}

    return read


def _read_elb_zone(config: Object, context: AwsContext) -> Object:
    return {**config, "region": config["region"] or None, "id": _regional(config, context, lambda region: region.elb_zone)}


def _read_lb_zone(config: Object, context: AwsContext) -> Object:
    kind = config["load_balancer_type"]
    kind = "application" if kind is None else kind
    if kind not in _LOAD_BALANCERS:
        detail = f"Expected one of {', '.join(_LOAD_BALANCERS)}; got {kind!r}."
        raise Refused(Diagnostic("Invalid load_balancer_type", detail, ("load_balancer_type",)))
    zone = _regional(config, context, _LOAD_BALANCERS[kind])
    return {**config, "region": config["region"] or None, "load_balancer_type": kind, "id": zone}


def _regional(config: Object, context: AwsContext, pick: Callable[[Region], str | None]) -> str:
    name = config["region"] or context.region
    value = pick(_find_region(name))
    if value is None:
        raise Refused(Diagnostic(f"Not available in {name}", "AWS has none in this region.", ("region",)))
    return value


def _find_region(name: str) -> Region:
    region = load_regions().get(name)
    if region is None:
        raise Refused(Diagnostic("Unknown region", f"There is no region {name!r}.", ("region",)))
    return region


def _reverse(name: str) -> str:
    return ".".join(reversed(name.split(".")))


READERS: Mapping[str, Reader] = {
    "aws_arn": _read_arn,
    "aws_availability_zone": read_availability_zone,
    "aws_availability_zones": read_availability_zones,
    "aws_billing_service_account": _read_billing_account,
    "aws_caller_identity": _read_caller_identity,
    "aws_canonical_user_id": _read_canonical_user_id,
    "aws_cloudfront_log_delivery_canonical_user_id": _read_log_delivery_id,
    "aws_cloudtrail_service_account": _regional_account(lambda region: region.cloudtrail_account),
    "aws_default_tags": _read_default_tags,
    "aws_elb_hosted_zone_id": _read_elb_zone,
    "aws_elb_service_account": _regional_account(lambda region: region.elb_account),
    "aws_iam_policy_document": read_policy_document,
    "aws_lb_hosted_zone_id": _read_lb_zone,
    "aws_partition": _read_partition,
    "aws_redshift_service_account": _regional_account(lambda region: region.redshift_account, user="user/logs"),
    "aws_region": _read_region,
    "aws_regions": _read_regions,
    "aws_service": _read_service,
    "aws_service_principal": _read_service_principal,
}
"""The data sources that are answered for real, by type name."""
