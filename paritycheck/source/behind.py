"""The resources behind a value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paritycheck.source.sources import Sources
from paritycheck.source.trace import Origin

_RESOURCE = re.compile(r"(?:module\.[^.]+\.)*(?:data\.|[a-z0-9-]+_)[\w-]+\.[\w-]+")


def resources_behind(sources: Sources, address: str, path: str) -> tuple[str, ...]:
    """Return the nearest resources and data sources behind a value, through locals, variables and local modules.

    Each is named from the root module, with the attribute that is read of it where the configuration sets that one:
    `module.m.aws_sqs_queue.orders.name`, `aws_kms_key.this`.
    """
    origin = sources.origin(address, path)
    return tuple(dict.fromkeys(_resources(origin))) if origin else ()


def _resources(origin: Origin) -> Iterator[str]:
    if _RESOURCE.match(origin.name):
        yield origin.name
        return
    for inner in origin.via:
        yield from _resources(inner)
