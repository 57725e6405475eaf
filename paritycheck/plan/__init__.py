"""Plan and state JSON as a typed `Plan`."""

from paritycheck.plan.configuration import Configuration, static_address
from paritycheck.plan.document import Change, Check, Resource
from paritycheck.plan.model import Plan, read_plan

__all__ = ["Change", "Check", "Configuration", "Plan", "Resource", "read_plan", "static_address"]
