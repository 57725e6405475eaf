"""The tags that the AWS provider plans for a resource: its own and those of the provider block."""

from __future__ import annotations

from paritycheck.provider.aws.context import AwsContext
from paritycheck.provider.interface import UNKNOWN, Object, Value


def plan_all_tags(context: AwsContext, planned: Object, prior: Object | None, *, sdk: bool) -> Value:
    """Return what `tags_all` is planned as: the merged tags, or unknown where any is unknown.

    Resource types of the older plugin SDK (`sdk`) leave it unknown where there are none, unless they had some, and where
    a tag is empty; they compute it anew only where the tags change.
    """
    merged = _merge(context.default_tags, planned["tags"])
    if merged is UNKNOWN or UNKNOWN in merged.values():
        return UNKNOWN
    kept = {key: value or "" for key, value in merged.items() if not _is_ignored(context, key)}
    if not sdk or (kept and "" not in kept.values()):
        return kept
    before = (prior or {}).get("tags_all")
    if before is None or kept:
        return UNKNOWN
    return {} if planned["tags"] != (prior or {}).get("tags") else before


def _merge(default: Value, own: Value) -> Value:
    return UNKNOWN if default is UNKNOWN or own is UNKNOWN else {**default, **(own or {})}


def _is_ignored(context: AwsContext, key: str) -> bool:
    return key in context.ignore_tags or key.startswith(context.ignore_tag_prefixes)


def has_all_tags(planned: Object) -> bool:
    """Whether a resource takes the provider's tags."""
    return "tags" in planned and "tags_all" in planned
