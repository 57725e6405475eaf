"""Plan and state JSON as a typed `Plan`."""

from paritycheck.plan.configuration import (
    KEY,
    Block,
    Configuration,
    ConfiguredOutput,
    ConfiguredResource,
    ModuleCall,
    ProviderConfig,
    expressions,
    leaves,
    references,
    static_address,
)
from paritycheck.plan.document import Change, Check, Resource
from paritycheck.plan.model import Plan, read_plan

__all__ = [
    "KEY",
    "Block",
    "Change",
    "Check",
    "Configuration",
    "ConfiguredOutput",
    "ConfiguredResource",
    "ModuleCall",
    "Plan",
    "ProviderConfig",
    "Resource",
    "expressions",
    "leaves",
    "read_plan",
    "references",
    "static_address",
]
