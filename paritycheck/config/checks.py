"""What a schema cannot say about `parity.yaml`: files that must exist, names that must match, rules that contradict each other."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from paritycheck.allowlist import AllowRule, ProtectRule, refuse_contradictions
from paritycheck.allowlist.patterns import Coverage
from paritycheck.config.model import Config
from paritycheck.config.schema import Complaint, as_error, did_you_mean
from paritycheck.config.yamltext import Document
from paritycheck.errors import Location, shown_path

PLACEHOLDERS = frozenset({"key", "name", "function_name"})
"""What may stand in braces in the path of a function's sources."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_config(config: Config, document: Document) -> None:
    """Raise `ConfigError` for the first missing file, unknown name, broken pattern or contradiction in a configuration."""
    complaints = [complaint for check in _CHECKS for complaint in check(config, document)]
    if complaints:
        raise as_error(complaints)
    rules: tuple[AllowRule | ProtectRule, ...] = (*config.allow, *config.protect)
    for rule in rules:
        Coverage(rule)
    refuse_contradictions(config.allow, config.protect)


def _files(config: Config, document: Document) -> Iterator[Complaint]:
    for environment in config.environments:
        here = ("environments", environment.name)
        if not _holds(Path.is_dir, environment.dir):
            yield _missing("directory", environment.dir, config, document.place((*here, "dir")))
        for index, path in enumerate(environment.var_files):
            if not _holds(Path.is_file, path):
                yield _missing("variables file", path, config, document.place((*here, "var_files", index)))
    for index, path in enumerate(config.schemas):
        if not _holds(Path.is_file, path):
            yield _missing("schema", path, config, document.place(("schemas", index)))
    directory = config.policies and config.policies.directory
    if directory and not _holds(Path.is_dir, directory):
        yield _missing("directory", directory, config, document.place(("policies", "directory")))
    if config.policies and not config.policies.timeout > 0:
        yield Complaint("policies.timeout must be more than 0", "It is in seconds.", document.place(("policies", "timeout")))


def _sources(config: Config, document: Document) -> Iterator[Complaint]:
    privilege = config.least_privilege
    if privilege is None:
        return
    here = ("least_privilege", "functions")
    for index, each in enumerate(privilege.functions):
        for number, text in enumerate(each.sources):
            place = document.place((*here, index, "sources", number))
            unknown = sorted({*_PLACEHOLDER.findall(text)} - PLACEHOLDERS)
            if unknown:
                hint = f"There are {', '.join(f'{{{name}}}' for name in sorted(PLACEHOLDERS))}."
                yield Complaint(f"least_privilege: {{{unknown[0]}}} is no placeholder", hint, place)
            elif "{" not in text and not _holds(Path.is_dir, Path(text)):
                yield _missing("directory", Path(text), config, place)
    if privilege.observed and not _holds(Path.is_file, privilege.observed):
        yield _missing("file of observed calls", privilege.observed, config, document.place(("least_privilege", "observed")))


def _plans(config: Config, document: Document) -> Iterator[Complaint]:
    owners: dict[str, str] = {}
    for environment in config.environments:
        here = ("environments", environment.name)
        path = environment.plan or (environment.state if config.engine == "files" else None)
        if path is None and config.engine == "files":
            hint = "The files engine reads ready plans: add `plan: FILE`, or `state: FILE`."
            yield Complaint(f"{environment.name} names no plan to read", hint, document.place(here))
        elif path is not None and (owner := owners.setdefault(_real(path), environment.name)) != environment.name:
            hint = "Give every environment a plan of its own: a plan always agrees with itself."
            key = "plan" if environment.plan else "state"
            yield Complaint(f"{owner} and {environment.name} name the same plan, {shown_path(path)}", hint, document.place((*here, key)))


def _holds(predicate: Callable[[Path], bool], path: Path) -> bool:
    """Ask the file system; a path that it cannot even take is no file."""
    try:
        return predicate(path)
    except (OSError, ValueError):
        return False


def _real(path: Path) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return str(path)


def _missing(what: str, path: Path, config: Config, place: Location) -> Complaint:
    hint = f"Paths are relative to {shown_path(config.path.parent)}, where {config.path.name} is."
    return Complaint(f"the {what} {shown_path(path)} does not exist", hint, place)


def _tokens(config: Config, document: Document) -> Iterator[Complaint]:
    names = [environment.name for environment in config.environments]
    for label, texts in config.normalize.tokens.items():
        here = ("normalize", "tokens", label)
        yield from _unknown_names(texts, names, f"the token {label}", document, here)
        for name in names:
            if name not in texts:
                yield Complaint(f"the token {label} has no text for {name}", "Give one for every environment.", document.place(here))
        owners: dict[str, str] = {}
        for name, text in texts.items():
            if (owner := owners.setdefault(text, name)) != name:
                hint = "Texts of a token must differ, or nobody can tell which environment is meant."
                yield Complaint(f"the token {label} is the same for {owner} and {name}", hint, document.place((*here, name)))


def _ids(config: Config, document: Document) -> Iterator[Complaint]:
    seen: dict[str, tuple[str, int]] = {}
    rules = chain(
        (("allow", index, rule.id) for index, rule in enumerate(config.allow)),
        (("protect", index, rule.id) for index, rule in enumerate(config.protect)),
    )
    for section, index, name in rules:
        first = seen.setdefault(name, (section, index))
        if first != (section, index):
            hint = f"It is first given in line {document.place((*first, 'id')).line}."
            yield Complaint(f"two rules have the id {name}", hint, document.place((section, index, "id")))


def _allow_rules(config: Config, document: Document) -> Iterator[Complaint]:
    names = [environment.name for environment in config.environments]
    for index, rule in enumerate(config.allow):
        here = ("allow", index)
        chosen = {name: position for position, name in enumerate(rule.environments)}
        yield from _unknown_names(chosen, names, f"the rule {rule.id}", document, (*here, "environments"))
        yield from (Complaint(text, hint, document.place((*here, key))) for key, text, hint in _limits(rule))


def _limits(rule: AllowRule) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with a rule's limits: key, what, and how to mend it."""
    if rule.min is not None and rule.max is not None and rule.min > rule.max:
        yield "min", f"the rule {rule.id} permits nothing: min {rule.min} is greater than max {rule.max}", "Exchange them."
    numeric = [key for key, limit in (("order", rule.order), ("min", rule.min), ("max", rule.max)) if limit is not None]
    numbers = [value for value in rule.one_of if isinstance(value, int | float) and not isinstance(value, bool)]
    texts = [value for value in rule.one_of if value not in numbers]
    if numeric and texts:
        yield "one_of", f"the rule {rule.id} has both {numeric[0]}, which takes numbers, and {texts[0]!r} in one_of", f"Drop {numeric[0]}."
        return
    for value in numbers:
        below, above = rule.min is not None and value < rule.min, rule.max is not None and value > rule.max
        if below or above:
            yield (
                "one_of",
                f"the rule {rule.id} never permits {value}, which is beyond its {'min' if below else 'max'}",
                "Remove it from one_of.",
            )


def _unknown_names(
    given: Mapping[str, object], names: list[str], owner: str, document: Document, here: tuple[str | int, ...]
) -> Iterator[Complaint]:
    for name, step in given.items():
        if name not in names:
            place = document.place((*here, step if isinstance(step, int) else name))
            yield Complaint(f"{owner} names {name!r}, which is no environment", did_you_mean(name, names), place)


_CHECKS = (_files, _sources, _plans, _tokens, _ids, _allow_rules)
