"""The provider ``hashicorp/null``, as of 3.2."""

from __future__ import annotations

from paritycheck.provider.declared import TEXT_MAP, DeclaredProvider, Type, computed, declare, either, optional
from paritycheck.provider.generic import Overrides
from paritycheck.provider.interface import Object

_RANDOM = "4037200794235010051"
"""Stands for a number that the real provider draws anew each time: a plan must not differ by luck."""


def _read(config: Object) -> Object:
    default = config["has_computed_default"]
    return {
        **config,
        "id": "static",
        "has_computed_default": "default" if default is None else default,
        "outputs": config["inputs"],
        "random": _RANDOM,
    }


def null_provider(overrides: Overrides) -> DeclaredProvider:
    """Return the provider."""
    source = {
        "has_computed_default": either("string"),
        "id": computed("string"),
        "inputs": optional(TEXT_MAP),
        "outputs": computed(TEXT_MAP),
        "random": computed("string"),
    }
    return declare(
        "hashicorp/null",
        resources={"null_resource": Type({"id": computed("string"), "triggers": optional(TEXT_MAP, replace=True)})},
        data_sources={"null_data_source": Type(source, read=_read)},
        overrides=overrides,
    )
