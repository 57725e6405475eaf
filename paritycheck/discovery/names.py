"""Names of environments: which words mean one, which is smaller, and what is only decoration around a name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from paritycheck.findings import by_size

_SIZES: Sequence[Sequence[str]] = (
    ("local", "sandbox", "sbx", "playground"),
    ("dev", "develop", "development"),
    ("test", "tst", "testing"),
    ("qa",),
    ("int", "integration"),
    ("uat", "acc", "acceptance"),
    ("nonprod", "nonproduction"),
    ("staging", "stage", "stg"),
    ("preprod", "preproduction"),
    ("prod", "prd", "production", "live"),
)
"""Words that people call environments, from the smallest to the largest; those of one line mean the same."""

_RANKS = {word: rank for rank, words in enumerate(_SIZES) for word in words}

COMMON = frozenset({"all", "base", "common", "default", "defaults", "global", "globals", "shared"})
"""What files and directories are called that are for all environments."""

_FOLDERS = frozenset(
    {"accounts", "deployments", "env", "environment", "environments", "envs", "stages", "tfvars", "vars", "variables", "workspaces"}
)
"""Directories in which everything is named after an environment."""

_TWO_WORDS = re.compile(r"(?i)\b(pre|non)[-_.](?=prod)")
_SEPARATOR = re.compile(r"([-_. ])")
_VALID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


@cache
def rank(name: str) -> int | None:
    """Say how large an environment is by the last word in its name that tells: 0 for the smallest; `None` where none does."""
    ranks = (_RANKS.get(word.rstrip("0123456789")) for word in _SEPARATOR.split(_TWO_WORDS.sub(r"\1", name).lower()))
    return next((found for found in reversed([*ranks]) if found is not None), None)


def is_plain(name: str) -> bool:
    """Tell whether a name is an environment's and nothing else, such as `dev` or `prod2`."""
    return _TWO_WORDS.sub(r"\1", name).lower().rstrip("0123456789") in _RANKS


def mean_the_same(name: str, other: str) -> bool:
    """Tell whether two names are the same, or abbreviations of the same word."""
    return name.lower() == other.lower() or (is_plain(name) and is_plain(other) and rank(name) == rank(other))


def in_order(names: Iterable[str]) -> list[str]:
    """Sort names from the smallest environment to the largest; those that do not tell come first."""
    return sorted(names, key=lambda name: (-1 if (size := rank(name)) is None else size, by_size(name)))


def chosen_part(parts: Sequence[str]) -> int | None:
    """Say which part of a path, its last one without its ending, names an environment; `None` where none does."""
    plain = [number for number, part in enumerate(parts) if is_plain(part)]
    if plain:
        return plain[-1]
    telling = [number for number, part in enumerate(parts) if rank(part) is not None]
    if telling:
        return telling[-1]
    if any(part.lower() in COMMON for part in parts):
        return None
    return next((number for number in range(1, len(parts)) if is_folder(parts[number - 1]) and not is_folder(parts[number])), None)


def is_folder(name: str) -> bool:
    """Tell whether a directory's name says that everything in it is named after environments."""
    return name.lower() in _FOLDERS


def alike(labels: Collection[str]) -> list[str]:
    """Return the labels that are names of environments, or are made of one in the same way as another: not `dev-tools`, `prod-network`."""
    rests = {label: tuple(word for word in _SEPARATOR.split(label) if rank(word) is None) for label in labels}
    again = any(count > 1 for rest, count in Counter(rests.values()).items() if rest)
    return [label for label in labels if again or is_plain(label)]


def is_valid(name: str) -> bool:
    """Tell whether `parity.yaml` takes a name for an environment's."""
    return _VALID.fullmatch(name) is not None


def undecorated(labels: Collection[str]) -> Mapping[str, str]:
    """Return the environment's name by label: `app-dev` and `app-prod` are `dev` and `prod`. What can be no name is left out."""
    parts = {label: _SEPARATOR.split(label) for label in labels}
    head, tail = _in_common(list(parts.values())), _in_common([words[::-1] for words in parts.values()])
    names = {label: "".join(words[head : len(words) - tail]) for label, words in parts.items()}
    names = names if len(set(names.values())) == len(names) else {label: label for label in labels}
    return {label: name for label, name in names.items() if is_valid(name)}


def _in_common(labels: Sequence[Sequence[str]]) -> int:
    """Count the words, with the separators behind them, with which all labels begin, up to the first that names an environment."""
    count = 0
    for words in zip(*labels, strict=False):
        if len(set(words)) > 1 or rank(words[0]) is not None:
            break
        count += 1
    shortest = min(map(len, labels), default=0)
    return min(count - count % 2, max(shortest - 1, 0))
