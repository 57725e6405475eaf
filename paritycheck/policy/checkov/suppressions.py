"""Suppressions: comments in a block that take a policy's verdict on it back, with a reason.

The syntax is checkov's, and an editor or another tool that knows checkov understands it::

    #checkov:skip=CKV_TAP_3:Access logs are public knowledge (environments: dev, staging) (until: 2027-01-31)

checkov itself takes an id for a part of one, and loses comments on plans with `count`, `for_each` and modules; here an id is
whole, and a comment counts for all that its block makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from paritycheck.errors import Location
from paritycheck.source import Comment, Sources, comments

WORD = "checkov:skip="

_COMMENT = re.compile(r"checkov:skip=\s*(?P<ids>[\w-]*(?:\s*,\s*[\w-]+)*)\s*(?::(?P<rest>.*))?", re.DOTALL)
_OPTION = re.compile(r"\s*\((?P<name>[A-Za-z][\w-]*):(?P<value>[^()]*)\)\s*$")
_OPTIONS = {"environments", "until"}
_MISPLACED = re.compile(rf"[(\[{{]\s*({'|'.join(sorted(_OPTIONS))})\b", re.IGNORECASE)
"""What looks like an option, but is none: what it would limit must not count everywhere."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One policy's suppression in one block."""

    policy: str
    """The policy's id; empty where the comment names none."""
    block: str | None
    """Static address of the block; `None` for a comment outside of resources, data sources and modules."""
    location: Location
    reason: str
    environments: tuple[str, ...] | None = None
    """The environments that it counts for; `None` for all."""
    until: date | None = None
    """The last day on which it counts."""
    problem: str | None = None
    """What is wrong with how it is written; such a one counts for nothing."""

    def covers(self, policy: str, block: str, environment: str, today: date) -> bool:
        """Return whether it takes back a policy's verdict on what a block makes in an environment."""
        here = self.block is not None and (block == self.block or block.startswith(f"{self.block}."))
        return self.policy == policy and here and self.counts_in(environment) and self.is_valid(today)

    def counts_in(self, environment: str) -> bool:
        """Return whether it names an environment, or none and thereby all."""
        return self.environments is None or environment in self.environments

    def is_valid(self, today: date) -> bool:
        """Return whether it has a reason, is well written and not past its last day."""
        return bool(self.reason) and self.problem is None and not self.has_expired(today)

    def has_expired(self, today: date) -> bool:
        """Return whether its last day is past."""
        return self.until is not None and today > self.until


@dataclass(frozen=True)
class Suppressions:
    """The suppressions of every environment's configuration, by environment."""

    by_environment: Mapping[str, tuple[Suppression, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, sources: Iterable[Sources]) -> Suppressions:
        """Read the comments of every environment's configuration."""
        return cls({each.environment.name: tuple(_read(comments(each, WORD))) for each in sources})

    @cached_property
    def all(self) -> tuple[Suppression, ...]:
        """Every suppression once, however many environments share its file."""
        return tuple(dict.fromkeys(each for found in self.by_environment.values() for each in found))

    @property
    def ids(self) -> frozenset[str]:
        """The ids that the comments name."""
        return frozenset(each.policy for each in self.all if each.policy)

    def find(self, policy: str, block: str, environment: str, today: date) -> Suppression | None:
        """Return what takes back a policy's verdict on what a block makes in an environment."""
        index = self._index.get(environment, {})
        return next((each for each in index.get(policy, ()) if each.covers(policy, block, environment, today)), None)

    @cached_property
    def _index(self) -> Mapping[str, Mapping[str, Sequence[Suppression]]]:
        index: dict[str, dict[str, list[Suppression]]] = {}
        for environment, found in self.by_environment.items():
            for each in found:
                index.setdefault(environment, {}).setdefault(each.policy, []).append(each)
        return index


def _read(found: Iterable[Comment]) -> Iterator[Suppression]:
    for comment in found:
        match = _COMMENT.match(comment.text)
        ids, rest = (match["ids"] or "", match["rest"] or "") if match else ("", "")
        reason, options, problem = _options(rest)
        environments, until, wrong = _given(options)
        for id_ in ids.split(","):
            yield Suppression(id_.strip(), comment.block, comment.location, reason, environments, until, problem or wrong)


def _options(text: str) -> tuple[str, dict[str, str], str | None]:
    """Take the options off the end of a reason."""
    options: dict[str, str] = {}
    while match := _OPTION.search(text):
        name = match["name"]
        if name not in _OPTIONS or name in options:
            problem = f"says {name!r} twice" if name in options else f"has no option {name!r}: there are environments and until"
            return text.strip(), options, problem
        options[name], text = match["value"].strip(), text[: match.start()]
    misplaced = _MISPLACED.search(text)
    where = f"has {misplaced[1]!r} where no option is read: it takes the form (environments: dev), at the end" if misplaced else None
    return text.strip(), options, where


def _given(options: Mapping[str, str]) -> tuple[tuple[str, ...] | None, date | None, str | None]:
    environments, until = None, None
    if "environments" in options:
        environments = tuple(filter(None, re.split(r"[,\s]+", options["environments"])))
        if not environments:
            return (), None, "names no environment"
    if "until" in options:
        try:
            until = date.fromisoformat(options["until"])
        except ValueError:
            return environments, None, f"has an end that is no date: {options['until'][:40]!r}; write it as 2027-01-31"
    return environments, until, None
