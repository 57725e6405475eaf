"""The graph of a stack's resources: services in the order of the data flow, what is planned, what refers to what."""

from paritycheck.graph.building import build_topology

__all__ = ["build_topology"]
