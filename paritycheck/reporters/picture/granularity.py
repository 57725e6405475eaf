"""How much a picture shows."""

from __future__ import annotations

from enum import StrEnum


class By(StrEnum):
    """What one box of a picture stands for, from the finest to the coarsest."""

    RESOURCE = "resource"
    BLOCK = "block"
    SERVICE = "service"
