"""Plans that differ in one resource."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from tests.pipeline.pipeline import Pipeline

Plan = dict[str, Any]
Change = Callable[[Plan], None]
"""Changes a planned resource in place."""
Start = Callable[..., Pipeline]
"""Starts a pipeline by the plan of staging, or by one with the resource of this address changed."""


def change_plan(plan: Mapping[str, Any], address: str, change: Change) -> Mapping[str, Any]:
    """Return the plan with one resource changed in place by a function."""
    (entry,) = (each for each in plan["resource_changes"] if each["address"] == address)
    other = copy.deepcopy(entry)
    change(other["change"]["after"])
    return {**plan, "resource_changes": [other if each is entry else each for each in plan["resource_changes"]]}


def setting(**values: Any) -> Change:
    """Return what sets attributes of a planned resource."""
    return lambda resource: resource.update(values)
