"""What a custom check may ask about a planned value: whether it is known before apply, and if not, what is behind it.

A check imports this module by its name, ``paritycheck_checks``; paritycheck puts it where checkov's interpreter finds it.
It imports nothing, neither checkov nor paritycheck.

A value that is known only after apply is an `Unknown`. A check that looks at one and goes on as if it were a text gets no
verdict: its result counts as unknown, whatever it returns. A check that asks first decides for itself::

    from paritycheck_checks import is_unknown, references

    class QueueKey(BaseResourceCheck):
        ...
        def scan_resource_conf(self, conf):
            key = conf.get("kms_master_key_id")
            if is_unknown(key):
                known = any(name.startswith("aws_kms_key.") for name in references(key))
                return CheckResult.PASSED if known else CheckResult.UNKNOWN
            return CheckResult.PASSED if key else CheckResult.FAILED

`CheckResult.UNKNOWN` says that there is no verdict before apply, where the check looked at an unknown value; otherwise it
says that the check does not apply to the resource.
"""

from __future__ import annotations

from typing import Any


class Unknown(str):
    """Stands for a value that is known only after apply; no real value is an instance of it."""

    __slots__ = ("acknowledged", "references", "seen")

    references: tuple[str, ...]
    """What the expression behind the value refers to, such as ``aws_kms_key.this.arn``; empty for a value that the provider gives."""
    seen: bool
    """Whether the check got hold of it."""
    acknowledged: bool
    """Whether the check knows that it is unknown."""

    def __new__(cls, text: str, references: tuple[str, ...] = ()) -> Unknown:
        """Make a value that reads as `text` to a check that does not ask."""
        self = super().__new__(cls, text)
        self.references, self.seen, self.acknowledged = references, False, False
        return self

    def __bool__(self) -> bool:
        self.seen = True
        return True

    def __eq__(self, other: object) -> bool:
        self.seen = True
        return self is other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        self.seen = True
        return super().__hash__()

    def __deepcopy__(self, memo: object) -> Unknown:
        return self



def is_unknown(value: Any) -> bool:
    """Return whether a value is known only after apply: it itself, or any of the items of the list that holds it."""
    return bool(_unknowns(value))


def references(value: Any) -> tuple[str, ...]:
    """Return what the expression behind an unknown value refers to, as the configuration writes it; nothing for a known value.

    A reference to a resource comes with the attribute and without it: ``aws_kms_key.this.arn`` and ``aws_kms_key.this``.
    """
    return tuple(dict.fromkeys(name for unknown in _unknowns(value) for name in unknown.references))


def _unknowns(value: Any) -> list[Unknown]:
    """Return the unknown values in a value or a list, which the check knows about from now on."""
    items = list.__iter__(value) if isinstance(value, list) else [value]
    found = [item for item in items if isinstance(item, Unknown)]
    for unknown in found:
        unknown.seen = unknown.acknowledged = True
    return found
