"""Plan and state JSON as a typed `Plan`."""

from paritycheck.plan.configuration import Configuration, ProviderConfig, leaves, references, static_address
from paritycheck.plan.document import Change, Check, Resource
from paritycheck.plan.model import Plan, read_plan

__all__ = ["Change", "Check", "Configuration", "Plan", "ProviderConfig", "Resource", "leaves", "read_plan", "references", "static_address"]
