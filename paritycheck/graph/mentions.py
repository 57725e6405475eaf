"""Which resources the ARNs in a policy are about: a policy that is to be known before apply cannot refer to what it grants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from paritycheck.plan import Plan, Resource

_ARN = re.compile(rb"arn:[\w-]+:([\w-]+):[\w-]*:[\w-]*:([\w./:-]+)")
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"""
_NAMES = ("name", "bucket", "function_name", "table_name", "cluster_identifier", "domain_name", "identifier")
"""Attributes that hold what an ARN calls a resource."""
_ARN_SERVICES = {"sfn": "states", "cloudwatch_event": "events", "db": "rds", "lb": "elasticloadbalancing"}
"""What ARNs call services whose types are named otherwise."""

Name = tuple[str, str]
"""What ARNs call a service, and a resource of it."""


def name_of(plan: Plan, resource: Resource) -> Name | None:
    """Return how ARNs name a resource of AWS; `None` where the plan does not know its name yet."""
    provider, _, rest = resource.type.partition("_")
    values: Any = plan.decode(resource.change.after) if provider == "aws" and resource.managed else None
    found = [values[name] for name in _NAMES if isinstance(values.get(name), str)] if isinstance(values, dict) else []
    service = next((name for start, name in _ARN_SERVICES.items() if rest.startswith(start)), rest.partition("_")[0])
    return (service, found[0]) if found else None


def mentioned(resource: Resource, known: Mapping[Name, Any]) -> Iterable[Name]:
    """Return the names in a resource's planned values that are known, each once."""
    found: dict[Name, None] = {}
    for service, path in _ARN.findall(bytes(resource.change.after)):
        parts = re.split(r"[:/]", path.decode())
        found.update(((service.decode(), part), None) for part in parts if (service.decode(), part) in known)
    return tuple(found)
