"""The least-privilege proof: what functions are granted against what they need, and no environment granting beyond another."""

from paritycheck.policy.privilege.excess import supersede
from paritycheck.policy.privilege.proof import Proof, prove

__all__ = ["Proof", "prove", "supersede"]
