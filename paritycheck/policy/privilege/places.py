"""Where the configuration writes a policy's statement: found by its Sid, through the documents that a policy is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from paritycheck.errors import Location
from paritycheck.plan.configuration import leaves, static_address
from paritycheck.policy.iam import Statement
from paritycheck.policy.privilege.granted import Document
from paritycheck.policy.privilege.stack import Stack

_DOCUMENT = "data.aws_iam_policy_document."
_INCLUDED = ("source_policy_documents", "override_policy_documents")
_ACTIONS = frozenset({"actions", "not_actions", "Action", "NotAction"})
_DEEPEST = 10


def locate(stack: Stack, document: Document, statement: Statement | None = None) -> Location | None:
    """Return where a statement is written, or else the policy that holds it."""
    if stack.sources is None:
        return None
    address = document.holder.address
    whole = stack.sources.locate(address, document.path)
    if statement is None or document.managed:
        return whole
    attribute = document.path.partition("[")[0].partition(".")[0]
    holders = (*_documents(stack, address, attribute), address) if statement.sid else ()
    found = next(filter(None, (_find(stack, holder, statement.sid) for holder in holders)), None)
    return found or stack.sources.locate(address, f"{document.path}.{statement.place}") or whole


def _documents(stack: Stack, address: str, attribute: str, depth: int = 0) -> Iterator[str]:
    """Yield the documents that an attribute is made of, and those that they include."""
    module = address.rpartition(f".{'data.' if '.data.' in address or address.startswith('data.') else ''}{_type(address)}.")[0]
    for _, expression in leaves(stack.configured(address).get(attribute)):
        for reference in expression.get("references", ()):
            if reference.startswith(_DOCUMENT):
                found = ".".join([*filter(None, [module]), *static_address(reference).split(".")[:3]])
                yield found
                for each in _INCLUDED if depth < _DEEPEST else ():
                    yield from _documents(stack, found, each, depth + 1)


def _type(address: str) -> str:
    return static_address(address).split(".")[-2]


def _find(stack: Stack, address: str, sid: str) -> Location | None:
    sources: Any = stack.sources
    blocks = (location for location, written in sources.blocks(address, "statement") if written == sid)
    entries = (location for location, entry in sources.entries(address, sid) if isinstance(entry, dict) and _ACTIONS & entry.keys())
    return next(blocks, None) or next(entries, None)
