"""What a difference is: a plain one, another environment's name, or one that cannot be decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from paritycheck.compare.families import Mentions
from paritycheck.compare.residue import classify
from paritycheck.findings import Special
from paritycheck.normalize import Vocabulary

NOBODY: Mentions = frozenset()
_DIGITS = 40
"""Digits up to which a number is shown as it is."""


def decide(values: Sequence[Any], vocabulary: Vocabulary, named: Mentions = NOBODY, *, item: bool = False) -> tuple[str, str] | None:
    """Return the rule that aligned values offend, and why; ``None`` where they agree after all.

    `named` are the environments that the values may name, as the object's own key does. An attribute that is `null` is as good
    as absent; an `item` of a list is not.
    """
    if len(set(classify(values))) == 1 or (not item and all(value is None or value == vocabulary.absent for value in values)):
        return None
    known = [value for value in values if value != vocabulary.unknown]
    if len(known) < len(values) and len(set(classify(known))) == 1:
        return "undecidable-value", "is known in some environments and known only after apply in others"
    texts = {number: value for number, value in enumerate(values) if isinstance(value, str)}
    if len(texts) == len(values) and not any(vocabulary.is_sign(text) for text in texts.values()):
        return _decide_texts([vocabulary.normalizers[number].restore(text) for number, text in texts.items()], vocabulary, named)
    return "value-difference", "differs between the environments"


def _decide_texts(texts: Sequence[str], vocabulary: Vocabulary, named: Mentions) -> tuple[str, str] | None:
    mentions = [vocabulary.mentions(text) for text in texts]
    labels = {label for found in mentions for label, _ in found}
    if len(set(texts)) == 1:
        everybody = {(label, number) for label in labels for number in range(len(texts))}
        return None if mentions[0] == everybody or mentions[0] <= named else ("environment-leak", "names one environment in all of them")
    common = frozenset.intersection(*mentions)
    foreign = [
        vocabulary.environments[number] for number, found in enumerate(mentions) if any(owner != number for _, owner in found - common)
    ]
    if foreign:
        return "environment-leak", f"names another environment in {' and '.join(foreign)}"
    return "value-difference", "differs between the environments"


class Presenter:
    """Turns aligned values into what a report may show."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Take what stands for names and for values that cannot be shown."""
        self._vocabulary = vocabulary
        self._signs = {vocabulary.unknown: Special.UNKNOWN, vocabulary.absent: Special.ABSENT}

    def present(self, values: Sequence[Any]) -> Mapping[str, Any]:
        """Return one value an environment, with each environment's own names in it."""
        return {
            name: self._show(number, value) for number, (name, value) in enumerate(zip(self._vocabulary.environments, values, strict=True))
        }

    def _show(self, number: int, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(number, value)
        if isinstance(value, dict):
            return {self._vocabulary.normalizers[number].restore(key): self._show(number, part) for key, part in value.items()}
        if isinstance(value, list):
            return [self._show(number, item) for item in value if item != self._vocabulary.absent]
        return show_number(value) if isinstance(value, int | Decimal) else value

    def _text(self, number: int, text: str) -> Any:
        if text.startswith(self._vocabulary.secret):
            return Special.SENSITIVE
        return self._signs.get(text) or self._vocabulary.normalizers[number].restore(text)


def show_number(value: int | Decimal) -> Any:
    """Return a number that every JSON reader takes; a monstrous one as a text that says how long it is."""
    if isinstance(value, bool) or (isinstance(value, int) and value.bit_length() < 3.3 * _DIGITS):
        return value
    if isinstance(value, int):
        return f"an integer of about {int(value.bit_length() * 0.30103) + 1} digits"
    return float(value) if Decimal(repr(float(value))) == value else str(value)[: 2 * _DIGITS]
