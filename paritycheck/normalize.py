"""An environment's own name becomes a placeholder, so that only real differences are left.

A placeholder is a label between two marks; the mark is a private-use character that none of the documents holds, so
that no real text can equal a placeholder, and a placeholder can be turned back into the text that it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from paritycheck.config import Normalize
from paritycheck.errors import ConfigError
from paritycheck.plan import Plan

Names = Mapping[str, str]
"""Texts that stand for one environment, by label."""

ENVIRONMENT = "env"
"""Label of the environment's own name."""

_INNER = r"[^\x00-/:-@\[-`{-\x7f]"
"""What a word is made of: letters and digits, and all beyond ASCII. Told by what it is not, it compiles a hundred times faster."""
_INNER_BYTES = r"A-Za-z0-9\x80-\xff"
_PLAIN = re.compile(r"[A-Za-z0-9 _./:@+-]+")
_LITERAL = re.compile(r"[-+0-9.eE]+|true|false|null")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{5,}")
"""What an identity inside a longer text looks like."""
_PLACEHOLDER = re.compile("([\ue000-\uf8fe])[0-9]+\\1")
_DEVICES = r"(?!/(?:sd|hd|xvd|nvme|dm-|loop|md\d|mapper|disk|null|zero|full|u?random|shm|fd|std(?:in|out|err)|tty|pts|fuse|net/tun))"
"""What makes a `dev` the directory of Linux devices, and no environment."""


@dataclass(frozen=True, slots=True)
class _Token:
    """One spelling of one environment's text."""

    label: str
    """Label in the case of the spelling: `env`, `ENV` or `Env`."""
    text: str

    def pattern(self) -> str:
        """Return a regular expression for the text at token boundaries; it starts with the text, which `re` finds fast."""
        word = re.escape(self.text)
        return f"{word}(?<!{_INNER}{word})(?!{_INNER}){self._exception()}"

    def bytes_pattern(self) -> bytes | None:
        r"""Return the same for raw JSON, where it may match less but never more; ``None`` where it could meet no string.

        An escape such as ``\\u00e9`` may be a letter, ``\\n`` is one to the eye, and digits may be a number.
        """
        if not _PLAIN.fullmatch(self.text):
            return None
        word = re.escape(self.text)
        inside_string = r'(?=[:/_"-])' if _LITERAL.fullmatch(self.text) else ""
        return rf"{word}(?<![{_INNER_BYTES}\\]{word})(?![{_INNER_BYTES}]|\\u){self._exception()}{inside_string}".encode()

    def _exception(self) -> str:
        return _DEVICES if self.text == "dev" else ""


def _spellings(label: str, text: str) -> list[_Token]:
    spell: tuple[Callable[[str], str], ...] = (str, str.upper, str.capitalize, str.lower)
    tokens = {change(text): _Token(change(label), change(text)) for change in reversed(spell)}
    return [_Token(label, text), *(token for token in tokens.values() if token.text != text and token.label != label)]


class Normalizer:
    """Replaces one environment's texts by placeholders, and back; pure and idempotent."""

    def __init__(self, names: Names, identities: Mapping[str, str], placeholders: Mapping[str, str]) -> None:
        """Take the environment's texts by label, identities as in `Vocabulary`, and a placeholder for every label."""
        tokens = [token for label, text in names.items() for token in _spellings(label, text)]
        tokens.sort(key=lambda token: (-len(token.text), token.label))
        self._identities = {text: placeholders[label] for text, label in identities.items()}
        self._texts = {placeholders[token.label]: token.text for token in tokens}
        self._texts |= {placeholder: text for text, placeholder in self._identities.items()}
        self._steps = [(token.text, re.compile(token.pattern()), placeholders[token.label]) for token in tokens]
        self._byte_steps = [
            (token.text.encode(), re.compile(pattern), placeholders[token.label].encode())
            for token in tokens
            if (pattern := token.bytes_pattern())
        ]

    def normalize(self, text: str) -> str:
        """Replace the environment's texts where they stand as words of their own."""
        if self._identities:
            text = self._identities.get(text) or _WORD.sub(lambda match: self._identities.get(match[0], match[0]), text)
        for needle, pattern, placeholder in self._steps:
            if needle in text:
                text = pattern.sub(placeholder, text)
        return text

    def normalize_bytes(self, raw: bytes) -> bytes:
        """Do the same in raw JSON; equal results mean equal values, unequal ones mean nothing."""
        for needle, pattern, placeholder in self._byte_steps:
            if needle in raw:
                raw = pattern.sub(placeholder, raw)
        return raw

    def restore(self, text: str) -> str:
        """Put the environment's texts back."""
        return _PLACEHOLDER.sub(lambda match: self._texts.get(match[0], match[0]), text)


@dataclass(frozen=True)
class Vocabulary:
    """What stands for every environment, in order."""

    environments: tuple[str, ...]
    names: tuple[Names, ...]
    mark: str
    identities: tuple[Mapping[str, str], ...] = ()
    """By environment: texts that providers chose, such as ids, each with the attribute that holds it there as its label."""

    @property
    def unknown(self) -> str:
        """What stands for a value that is known after apply."""
        return f"{self.mark}?"

    @property
    def absent(self) -> str:
        """What stands where an environment has nothing."""
        return f"{self.mark}-"

    @property
    def secret(self) -> str:
        """What a sensitive value begins with, wherever values are compared."""
        return f"{self.mark}!"

    def is_sign(self, text: str) -> bool:
        """Tell whether a text stands for something that is no text."""
        return text in (self.unknown, self.absent) or text.startswith(self.secret)

    @cached_property
    def _placeholders(self) -> Mapping[str, str]:
        """Numbers between marks: no letter of a label can be taken for an environment's name."""
        tokens = (token.label for names in self.names for label, text in names.items() for token in _spellings(label, text))
        identities = (label for found in self.identities for label in found.values())
        return {label: f"{self.mark}{number}{self.mark}" for number, label in enumerate(dict.fromkeys([*tokens, *identities]))}

    @cached_property
    def normalizers(self) -> tuple[Normalizer, ...]:
        """One normalizer an environment."""
        identities = self.identities or ({},) * len(self.names)
        return tuple(Normalizer(names, found, self._placeholders) for names, found in zip(self.names, identities, strict=True))

    @cached_property
    def _mention(self) -> re.Pattern[str]:
        ordered = sorted(self._tokens, key=lambda token: (-len(token.text), token.text))
        return re.compile("|".join(token.pattern() for token in ordered))

    @cached_property
    def _owners(self) -> Mapping[str, frozenset[tuple[str, int]]]:
        owners: dict[str, set[tuple[str, int]]] = {}
        for number, names in enumerate(self.names):
            for label, text in names.items():
                for token in _spellings(label, text):
                    owners.setdefault(token.text, set()).add((label, number))
        for number, identities in enumerate(self.identities):
            for text, label in identities.items():
                owners.setdefault(text, set()).add((label, number))
        return {text: frozenset(found) for text, found in owners.items()}

    def proves(self, raw: bytes) -> bool:
        r"""Tell whether JSON that is the same in all environments after normalization names none of them unseen.

        A name may hide behind an escape, as in ``\ndev``, or in one; one that looks like a number may be one.
        """
        return self._hiding is not None and not self._hiding.search(raw) and not any(text in raw for text in self._literals)

    @cached_property
    def _tokens(self) -> frozenset[_Token]:
        return frozenset(token for names in self.names for label, text in names.items() for token in _spellings(label, text))

    @cached_property
    def _literals(self) -> tuple[bytes, ...]:
        return tuple(sorted(token.text.encode() for token in self._tokens if _LITERAL.fullmatch(token.text)))

    @cached_property
    def _hiding(self) -> re.Pattern[bytes] | None:
        if not all(_PLAIN.fullmatch(token.text) for token in self._tokens):
            return None
        words = sorted({re.escape(token.text) for token in self._tokens})
        before = "|".join(rf"(?<={word}\\u)" for word in words)
        after = "|".join(words)
        return re.compile(rf"\\(?:[bfnrt\\](?:{after})|u(?:(?!003[ce]|0026|202[89])|....(?:{after})|{before}))".encode())

    def mentions(self, text: str) -> frozenset[tuple[str, int]]:
        """Return which environments a text names: pairs of label and the environment's number."""
        found = [match[0] for match in self._mention.finditer(text)]
        if self.identities:
            found += [text, *_WORD.findall(text)]
        return frozenset().union(*(self._owners.get(each, ()) for each in found))

    def show(self, text: str) -> str:
        """Return a normalized text as people read it: `{env}` for the environment's name."""
        return _PLACEHOLDER.sub(lambda match: f"{{{self._labels.get(match[0], match[0])}}}", text) if self.mark in text else text

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        return {placeholder: label for label, placeholder in self._placeholders.items()}


def build_vocabulary(plans: Sequence[Plan], normalize: Normalize) -> Vocabulary:
    """Find what stands for each environment; raise `ConfigError` where that is not one to one."""
    environments = tuple(plan.environment for plan in plans)
    names: list[dict[str, str]] = [{ENVIRONMENT: environment_name(plan, normalize)} for plan in plans]
    for label, texts in normalize.tokens.items():
        _refuse_ambiguity(label, texts, environments)
        for name, environment in zip(names, environments, strict=True):
            name[label] = texts[environment]
    for name, environment in zip(names, environments, strict=True):
        if len(set(name.values())) < len(name):
            raise ConfigError(
                f"normalize: one text of {environment} has two labels: {', '.join(name)}",
                hint="Declare each text once; the environment's own name is known already.",
            )
    return Vocabulary(environments, tuple(names), _free_mark([plan.document for plan in plans]))


def environment_name(plan: Plan, normalize: Normalize) -> str:
    """Return what the environment calls itself: the value of the variable that the configuration names, else its name there."""
    if normalize.variable is None:
        return plan.environment
    value = plan.variables.get(normalize.variable)
    if plan.is_state and value is None:
        return plan.environment
    if not isinstance(value, str) or not value:
        raise ConfigError(
            f"normalize: {plan.environment}'s plan has no text in the variable {normalize.variable!r}",
            hint="Name the variable that holds the environment's name, or leave `normalize.variable` out.",
        )
    return value


def _refuse_ambiguity(label: str, texts: Mapping[str, str], environments: Sequence[str]) -> None:
    missing = [environment for environment in environments if not texts.get(environment)]
    if missing or not re.fullmatch(r"[\w.-]+", label) or label == ENVIRONMENT:
        problem = f"has no text for {', '.join(missing)}" if missing else "is no label of its own"
        raise ConfigError(f"normalize: {label!r} {problem}", hint="Give every environment one text under a label such as `account`.")
    if len({texts[environment] for environment in environments}) < len(environments):
        raise ConfigError(
            f"normalize: two environments have the same text for {label!r}",
            hint="A text that is the same everywhere needs no placeholder; one that two environments share cannot be told apart.",
        )


def _free_mark(documents: Sequence[bytes]) -> str:
    """Choose a private-use character that no document holds, neither as itself nor as an escape."""
    for code in range(0xE000, 0xF8FF):
        forms = (chr(code).encode(), b"\\u%04x" % code, b"\\u%04X" % code)
        if not any(form in text for text in documents for form in forms):
            return chr(code)
    raise ConfigError("The plans hold every private-use character", hint="Something is wrong with the plans.")
