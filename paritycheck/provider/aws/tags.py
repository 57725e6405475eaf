"""The tags that the AWS provider plans for a resource: its own and those of the provider block."""

from __future__ import annotations

from paritycheck.provider.aws.context import AwsContext
from paritycheck.provider.interface import UNKNOWN, Object, Value


def plan_all_tags(context: AwsContext, tags: Value, prior: Value, *, sdk: bool) -> Value:
    """Return what `tags_all` is planned as: the merged tags, or unknown where any is unknown.

    Where there are none, resource types of the older plugin SDK (`sdk`) leave it unknown, unless there were none before.
    """
    merged = _merge(context.default_tags, tags)
    if merged is UNKNOWN or not all(isinstance(value, str) for value in merged.values()):
        return UNKNOWN
    kept = {key: value for key, value in merged.items() if not _is_ignored(context, key)}
    return UNKNOWN if not kept and sdk and prior != {} else kept


def _merge(default: Value, own: Value) -> Value:
    return UNKNOWN if default is UNKNOWN or own is UNKNOWN else {**default, **(own or {})}


def _is_ignored(context: AwsContext, key: str) -> bool:
    return key in context.ignore_tags or key.startswith(context.ignore_tag_prefixes)


def has_all_tags(planned: Object) -> bool:
    """Whether a resource takes the provider's tags."""
    return "tags" in planned and "tags_all" in planned
