"""What policies and names that are known only after apply will be, for checks to judge before."""

from __future__ import annotations

import re
from typing import Any

from paritycheck.plan import Plan, Resource
from paritycheck.policy.privilege.names import is_document
from paritycheck.policy.privilege.stack import Stack
from paritycheck.policy.privilege.values import UNKNOWN

_NAMES = frozenset({"arn", "bucket", "name", "queue_url"})
"""Attributes by which policies and their owners name resources."""

_STAND_IN = re.compile(r"⟦(.*?)⟧")
_CHOSEN_BY_AWS = re.compile(
    r"region|account|(?:module\.[\w-]+(?:\[[^]]*\])?\.)*(?:data\.)?aws_\w+\.[\w-]+(?:\[[^]]*\])?\.(?:\w+\.)*(?:\w+_)?(?:arn|id|name|bucket)",
    re.ASCII,
)
"""What stands for an ARN, an id or a name; any other attribute may turn out to be a wildcard, such as `terraform_data.x.output`."""


def foresee(stack: Stack, plan: Plan, resource: Resource) -> dict[str, Any]:
    """Return the unknown policies of a resource and the names in them, as far as they can be told: JSON data with null for the rest."""
    unknown = plan.decode(resource.change.after_unknown)
    wanted = [name for name, part in unknown.items() if part and (name in _NAMES or is_document(name))] if isinstance(unknown, dict) else []
    return {name: tell(stack.value(resource, name)) for name in wanted}


def tell(value: Any) -> Any:
    """Put nothing for what cannot be told, and for texts that may turn out to be wildcards."""
    if isinstance(value, dict):
        return {key: tell(part) for key, part in value.items()}
    if isinstance(value, list):
        return [tell(part) for part in value]
    if isinstance(value, str):
        return value if all(map(_CHOSEN_BY_AWS.fullmatch, _STAND_IN.findall(value))) else None
    return None if value is UNKNOWN else value
