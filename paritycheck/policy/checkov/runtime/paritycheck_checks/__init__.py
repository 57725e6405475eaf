"""What a custom check may ask about a planned value: whether it is known before apply, and if not, what is behind it.

A check imports this module by its name, ``paritycheck_checks``; paritycheck puts it where checkov's interpreter finds it.

A value that is known only after apply is an `Unknown`. A check that gets hold of one and goes on as if it were a text gets no
verdict: its result counts as unknown, whatever it returns. A check that asks first decides for itself::

    from paritycheck_checks import is_unknown, references

    class QueueKey(BaseResourceCheck):
        ...
        def scan_resource_conf(self, conf):
            key = conf.get("kms_master_key_id")
            if is_unknown(key):
                managed = any(name.startswith("aws_kms_key.") for name in references(key))
                return CheckResult.PASSED if managed else CheckResult.UNKNOWN
            return CheckResult.PASSED if key else CheckResult.FAILED

`CheckResult.UNKNOWN` says that there is no verdict before apply, where the check got hold of an unknown value; otherwise it
says that the check does not apply to the resource. An attribute that is null is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["Unknown", "foreseen", "is_unknown", "references"]

_seen: set[str] = set()
"""Names of the unknown values that the check got hold of."""

_acknowledged: set[str] = set()
"""Names of those that it knows to be unknown."""


class Unknown(str):
    """Stands for a value that is known only after apply; no real value is an instance of it.

    Its text is a name that no other value has. An unknown value is equal to itself alone.
    """

    __slots__ = ("foreseen", "references")

    references: tuple[str, ...]
    """What the expression behind the value refers to, such as ``aws_kms_key.this.arn``; empty for a value that the provider gives."""

    foreseen: Any
    """What it will be, as `foreseen` tells it."""

    def __new__(cls, name: str, references: tuple[str, ...] = (), foreseen: Any = None) -> Unknown:
        """Make an unknown value."""
        self = super().__new__(cls, name)
        self.references = references
        self.foreseen = foreseen
        return self

    def __reduce__(self) -> tuple[type[Unknown], tuple[str, tuple[str, ...], Any]]:
        return Unknown, (str.__str__(self), self.references, self.foreseen)

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name not in Unknown.__slots__:
            _see(self)
        return super().__getattribute__(name)

    def __contains__(self, part: object) -> bool:
        _see(self)
        return False

    def __len__(self) -> int:
        _see(self)
        return super().__len__()

    def __eq__(self, other: object) -> bool:
        _see(self)
        return str.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        _see(self)
        return str.__hash__(self)

    def __bool__(self) -> bool:
        _see(self)
        return True


def is_unknown(value: Any) -> bool:
    """Return whether a value, or any item of a list, is known only after apply."""
    return bool(_acknowledge(value))


def references(value: Any) -> tuple[str, ...]:
    """Return what the expression behind an unknown value refers to, each name once; nothing for a known value.

    Names stand as the configuration writes them, with the attribute and without it: ``aws_kms_key.this.arn``, ``aws_kms_key.this``.
    Through a module's variables and outputs they lead on to what those are set to, without the module's own name.
    """
    return tuple(dict.fromkeys(name for unknown in _acknowledge(value) for name in unknown.references))


def foreseen(value: Any) -> Any:
    """Return what an unknown policy or name will be, as far as the configuration and the forms of AWS's names tell: JSON data.

    `None` stands for what they do not tell, at any depth; a text such as ``⟦aws_sqs_queue.this.arn⟧`` for what AWS alone chooses.
    """
    unknown = _acknowledge(value)
    return unknown[0].foreseen if len(unknown) == 1 else None


def _see(value: Any) -> None:
    _seen.update(str.__str__(unknown) for unknown in _unknowns(value))


def _acknowledge(value: Any) -> list[Unknown]:
    found = list(_unknowns(value))
    _acknowledged.update(str.__str__(unknown) for unknown in found)
    _seen.update(_acknowledged)
    return found


def _unknowns(value: Any) -> Iterator[Unknown]:
    """Yield the unknown values in a value: itself, or items of lists in lists."""
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, list):
        for item in list.__iter__(value):
            yield from _unknowns(item)
