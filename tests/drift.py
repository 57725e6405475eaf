"""Seeded drift: changes to the plans of a stack, and the places where parity must notice them, or nowhere.

A mutant changes one thing. Its place is drawn from all that the plans hold, one type of resource after the other, so that a
hundred alarms do not crowd out the one database. Mutants at different addresses may share plans: see `rounds`.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from paritycheck.allowlist import AllowRule, ProtectRule
from paritycheck.compare.paths import Steps, render
from paritycheck.plan import static_address

Document = dict[str, Any]
Documents = dict[str, Document]
"""Plan documents by environment name, from the smallest to the largest."""


@dataclass(frozen=True)
class Site:
    """A place in a planned value: an attribute, a part of one, or a part of the JSON in one."""

    environment: str
    address: str
    type: str
    mode: str
    steps: Steps
    """The path to the attribute's part, as the plan has it."""
    inner: Steps
    """The path from there into the JSON that a text holds."""
    value: Any = field(compare=False)
    after: Any = field(compare=False, repr=False)
    """What the resource plans, as a whole."""

    @property
    def path(self) -> str:
        """The whole path, as findings write it."""
        return render((*self.steps, *self.inner))

    @property
    def name(self) -> str:
        """Type and path without keys and indexes of lists: what kind of thing is planned here."""
        return ".".join([self.type, *(str(step) for step in (*self.steps, *self.inner) if isinstance(step, str))])

    def above(self) -> Any:
        """Return the mapping or list that holds the value."""
        top = json.loads(lookup(self.after, self.steps)) if self.inner else self.after
        return lookup(top, (self.inner or self.steps)[:-1])


@dataclass(frozen=True)
class Mutant:
    """A change of the plans."""

    kind: str
    environment: str
    """The environment that is changed, or ``*`` for all of them."""
    apply: Callable[[Documents], object]
    """Changes the documents in place."""
    address: str = ""
    path: str = ""
    rule: str = ""
    """The rule that must report it, where only one is right."""
    detail: str = ""
    beside: str = ""
    """Another address at which it shows as well."""

    def __str__(self) -> str:
        return f"{self.kind}: {self.environment} {self.address} {self.path} {self.detail}".strip()


@dataclass
class Stack:
    """A stack's plans, and what the mutations need to know of them."""

    raw: Mapping[str, bytes]
    is_set: Callable[[str, Steps], bool]
    """Whether the value at a path of a resource type is a set."""
    rules: Callable[[str, str], Sequence[AllowRule | ProtectRule]]
    """What covers an address and path."""
    seed: int = 20
    random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.documents = self.fresh()

    @property
    def environments(self) -> list[str]:
        """Names, from the smallest environment to the largest."""
        return list(self.raw)

    def fresh(self) -> Documents:
        """Return documents of one's own."""
        return {name: json.loads(text) for name, text in self.raw.items()}

    def changes(self, environment: str) -> list[Document]:
        """List what is planned, and the data sources that are read while applying."""
        found: list[Document] = self.documents[environment]["resource_changes"]
        return found

    @cached_property
    def sites(self) -> list[Site]:
        """All places in all environments."""
        return [site for environment in self.environments for change in self.changes(environment) for site in _sites(environment, change)]

    def pick(self, wanted: Callable[[Site], bool], count: int) -> Iterator[Site]:
        """Draw places, one type of resource after the other until there are enough; none twice."""
        pools = [self.random.sample(pool, len(pool)) for pool in self._by_type.values()]
        self.random.shuffle(pools)
        streams = [filter(wanted, pool) for pool in pools]
        while streams and count > 0:
            for stream in list(streams):
                site = next(stream, None)
                if site is None:
                    streams.remove(stream)
                elif count > 0:
                    count -= 1
                    yield site

    @cached_property
    def _by_type(self) -> Mapping[tuple[str, str], list[Site]]:
        by_type: dict[tuple[str, str], list[Site]] = {}
        for site in self.sites:
            by_type.setdefault((site.mode, site.type), []).append(site)
        return by_type

    def fixed(self, site: Site) -> bool:
        """Tell whether no rule lets the value differ."""
        return not any(isinstance(rule, AllowRule) for rule in self.rules(site.address, site.path))

    def everywhere(self, site: Site) -> list[Any] | None:
        """Return the value in every environment, or ``None`` where one of them has nothing there."""
        try:
            return [_inside(lookup(self._after[name, site.address], site.steps), site.inner) for name in self.environments]
        except (KeyError, IndexError, TypeError, ValueError):
            return None

    @cached_property
    def _after(self) -> Mapping[tuple[str, str], Any]:
        return {(name, change["address"]): change["change"]["after"] for name in self.environments for change in self.changes(name)}


Generator = Callable[[Stack, int], Iterator[Mutant]]
"""Makes as many mutants as it is asked for, or as the stack has places."""


def rounds(mutants: Iterable[Mutant], size: int) -> Iterator[list[Mutant]]:
    """Share plans among mutants: no two of one round change the same block, and those that change a whole document stay alone."""
    waiting: list[dict[str, Mutant]] = []
    for mutant in mutants:
        block = static_address(mutant.address)
        if not block:
            yield [mutant]
            continue
        found = next((each for each in waiting if block not in each), None)
        if found is None:
            waiting.append(found := {})
        found[block] = mutant
        if len(found) == size:
            waiting.remove(found)
            yield list(found.values())
    yield from (list(each.values()) for each in waiting)


def dump(document: Document) -> bytes:
    """Write a document as Terraform does: compact, in the order that it has."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def decoded(text: Any) -> Any:
    """Return the JSON object or list that a text holds, or ``None``."""
    if not isinstance(text, str) or not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def parts(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """List a value and all its parts with their paths."""
    yield steps, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in pairs:
        yield from parts(part, (*steps, key))


def lookup(value: Any, steps: Steps) -> Any:
    """Return the value at a path."""
    for step in steps:
        value = value[step]
    return value


def find(document: Document, address: str) -> Document:
    """Return a resource change by its address."""
    return next(change for change in document["resource_changes"] if change["address"] == address)


def edit(site: Site, change: Callable[[Any, Any], object], environment: str | None = None) -> Callable[[Documents], None]:
    """Return what calls `change` with the mapping or list above a place, and the place's key in it."""

    def apply(documents: Documents) -> None:
        after = find(documents[environment or site.environment], site.address)["change"]["after"]
        above = lookup(after, site.steps[:-1])
        if not site.inner:
            change(above, site.steps[-1])
            return
        content = json.loads(above[site.steps[-1]])
        change(lookup(content, site.inner[:-1]), site.inner[-1])
        above[site.steps[-1]] = json.dumps(content)

    return apply


def put(site: Site, new: Any, environment: str | None = None) -> Callable[[Documents], None]:
    """Return what puts another value at a place."""
    return edit(site, lambda above, key: above.__setitem__(key, new), environment)


def marks(document: Document, site: Site, change: Callable[[list[Any]], object]) -> None:
    """Do to the marks of a list what was done to the list, where it has any."""
    for name in ("after_unknown", "after_sensitive"):
        shape = find(document, site.address)["change"].get(name)
        for step in site.steps:
            if isinstance(shape, dict):
                shape = shape.get(step)
            else:
                shape = shape[step] if isinstance(shape, list) and isinstance(step, int) and step < len(shape) else None
        if isinstance(shape, list) and shape:
            change(shape)


def names(text: str, environment: str) -> bool:
    """Tell whether a text holds an environment's name as a word."""
    return re.search(rf"(?<![A-Za-z0-9]){environment}(?![A-Za-z0-9])", text) is not None


def _inside(value: Any, inner: Steps) -> Any:
    return lookup(json.loads(value), inner) if inner else value


def _sites(environment: str, change: Document) -> Iterator[Site]:
    after = change["change"]["after"]
    for steps, value in parts(after):
        if steps:
            yield Site(environment, change["address"], change["type"], change["mode"], steps, (), value, after)
            for inner, part in parts(decoded(value)):
                if inner:
                    yield Site(environment, change["address"], change["type"], change["mode"], steps, inner, part, after)
