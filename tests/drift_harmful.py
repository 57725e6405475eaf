"""Changes that parity must report: what somebody would hate to find out in production."""

from __future__ import annotations

from collections.abc import Mapping

from tests import drift_objects as objects
from tests import drift_values as values
from tests.drift import Generator

HARMFUL: Mapping[str, tuple[Generator, int]] = {
    "any value": (values.changed_values("any value", ".+"), 90),
    **{kind: (values.changed_values(kind, pattern), 6) for kind, pattern in values.AREAS.items()},
    "environment name hard-coded": (values.foreign_names, 30),
    "one name everywhere": (values.hard_coded_names, 12),
    "statement widened": (values.widened_policies, 24),
    "protected value changed": (values.protected_values, 18),
    "allowed value runs the wrong way": (values.falling_values, 24),
    "allowed value beyond its limit": (values.values_beyond_limits, 18),
    "resource dropped": (objects.dropped_resources, 18),
    "one instance more": (objects.extra_instances, 12),
    "other key": (objects.other_keys, 9),
    "other action": (objects.changed_actions, 9),
    "other provider": (objects.changed_providers, 6),
    "refers to another resource": (objects.changed_edges, 24),
    "refers to another instance": (objects.other_instances, 6),
    "other output": (objects.changed_outputs, 12),
    "data source found otherwise": (objects.changed_data_sources, 12),
    "other version": (objects.changed_versions, 4),
}
"""Generators of harmful mutants by kind, each with how many it makes."""
