"""Allow and protect rules: which differences a reviewer permits, and which nobody may."""

from paritycheck.allowlist.audit import audit
from paritycheck.allowlist.judge import Breach, Judge, Permit, Subject
from paritycheck.allowlist.patterns import refuse_contradictions
from paritycheck.allowlist.rules import AllowRule, Order, ProtectRule

__all__ = ["AllowRule", "Breach", "Judge", "Order", "Permit", "ProtectRule", "Subject", "audit", "refuse_contradictions"]
