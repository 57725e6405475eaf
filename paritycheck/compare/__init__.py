"""What differs between plans: addresses, edges, values."""

from paritycheck.compare.align import IsSet
from paritycheck.compare.comparison import Comparison, compare, know_secrets
from paritycheck.compare.difference import Difference
from paritycheck.compare.entities import Entity, match_entities
from paritycheck.compare.identity import Providence
from paritycheck.compare.integrity import inspect, require
from paritycheck.compare.planned import PlannedValues
from paritycheck.compare.redactor import Redactor

__all__ = [
    "Comparison",
    "Difference",
    "Entity",
    "IsSet",
    "PlannedValues",
    "Providence",
    "Redactor",
    "compare",
    "inspect",
    "know_secrets",
    "match_entities",
    "require",
]
