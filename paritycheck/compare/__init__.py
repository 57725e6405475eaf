"""What differs between plans: addresses, edges, values."""

from paritycheck.compare.align import IsSet
from paritycheck.compare.comparison import Comparison, compare, know_secrets
from paritycheck.compare.difference import Difference
from paritycheck.compare.integrity import inspect, require
from paritycheck.compare.redactor import Redactor

__all__ = ["Comparison", "Difference", "IsSet", "Redactor", "compare", "inspect", "know_secrets", "require"]
