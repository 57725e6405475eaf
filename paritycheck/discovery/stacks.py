"""Which stacks a tree holds, and what makes each of their environments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from paritycheck.discovery.names import COMMON, alike, chosen_part, in_order, is_folder, is_valid, rank, undecorated
from paritycheck.discovery.switches import switches
from paritycheck.discovery.tree import Tree
from paritycheck.errors import ConfigError
from paritycheck.source.module import Module

_MOST_MODULES = 500
"""How many directories of configuration are read."""


class Layout(Enum):
    """How a stack tells its environments apart."""

    DIRECTORIES = "a directory for each environment"
    FILES = "one configuration with variables files for each environment"
    WORKSPACES = "one configuration with a workspace for each environment"
    VARIABLE = "one configuration that chooses by the value of a variable"


@dataclass(frozen=True, slots=True)
class Found:
    """What makes one environment; paths are absolute."""

    name: str
    dir: Path
    var_files: tuple[Path, ...] = ()
    workspace: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    backend: Path | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that is deployed to some environments."""

    home: Path
    """Where its `parity.yaml` belongs."""
    layout: Layout
    environments: tuple[Found, ...]
    """From the smallest to the largest, as far as their names tell."""
    unused: tuple[Path, ...] = ()
    """Variables files of which nobody can tell what they are for."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The stacks of a tree."""

    stacks: tuple[Stack, ...]
    """Those with two environments or more."""
    single: tuple[Stack, ...]
    """Those of which only one environment was found."""
    plain: tuple[Path, ...]
    """Root modules without any environment."""
    unreadable: tuple[str, ...]
    """Why modules were left out."""


def find_stacks(tree: Tree) -> Survey:
    """Return the stacks of a tree."""
    modules, unreadable = _modules(tree.configurations[:_MOST_MODULES])
    called = {called for module in modules.values() for name in module.of_kind("module") if (called := module.call_directory(name))}
    roots = {directory: module for directory, module in modules.items() if directory.resolve() not in called}
    files = _Files(tree, tuple(roots))
    siblings = [files.complete(stack) for stack in _by_directory(tree.root, tuple(roots))]
    found = [stack for stack in siblings if len(stack.environments) > 1]
    placed = _directories(found)
    for directory, module in roots.items():
        if directory not in placed:
            found += filter(None, [_by_files(files, directory, module, alone=len(roots) == 1) or _by_switches(tree, directory, module)])
    placed = _directories(found)
    found += (stack for stack in siblings if not placed & _directories([stack]))
    taken = _directories(found)
    return Survey(
        stacks=tuple(stack for stack in found if len(stack.environments) > 1),
        single=tuple(stack for stack in found if len(stack.environments) == 1),
        plain=tuple(directory for directory in roots if directory not in taken),
        unreadable=tuple(unreadable),
    )


def _modules(directories: Iterable[Path]) -> tuple[dict[Path, Module], list[str]]:
    """Read modules, and say which cannot be read."""
    modules: dict[Path, Module] = {}
    unreadable: list[str] = []
    for directory in directories:
        try:
            modules[directory] = Module(directory)
        except ConfigError as error:
            unreadable.append(error.message)
    return modules, unreadable


def _directories(stacks: Iterable[Stack]) -> set[Path]:
    return {environment.dir for stack in stacks for environment in stack.environments}


def _by_directory(root: Path, directories: Sequence[Path]) -> Iterator[Stack]:
    """Yield the stacks of which each environment is a directory: siblings, with the same path below them."""
    groups: dict[tuple[Path, Path], dict[str, Path]] = {}
    for directory in directories:
        parts = directory.relative_to(root).parts
        number = chosen_part(parts)
        if number is not None:
            parent, below = root.joinpath(*parts[:number]), Path(*parts[number + 1 :])
            groups.setdefault((parent, below), {})[parts[number]] = directory
    for (parent, _), labeled in groups.items():
        names = undecorated(alike(labeled) if not is_folder(parent.name) else labeled)
        home = parent.parent if is_folder(parent.name) and parent != root else parent
        found = (Found(names[label], labeled[label]) for label in in_order(names))
        yield Stack(home, Layout.DIRECTORIES, tuple(found))


def _by_files(files: _Files, directory: Path, module: Module, *, alone: bool) -> Stack | None:
    """Return the stack of a root module with variables files for its environments, if there are any."""
    labeled, common, unused = files.by_label(directory, alone=alone)
    names = undecorated(labeled)
    if not names:
        return None
    unused += (path for label, paths in labeled.items() if label not in names for path in paths)
    in_workspaces = switches(module).workspace
    found = (
        Found(names[label], directory, (*common, *labeled[label]), workspace=names[label] if in_workspaces else None)
        for label in in_order(names)
    )
    return files.complete(Stack(directory, Layout.FILES, tuple(found), tuple(unused)))


def _by_switches(tree: Tree, directory: Path, module: Module) -> Stack | None:
    """Return the stack of a root module that knows its environments by name, in maps and conditions."""
    found = switches(module)
    labels = {*found.names, *(tree.workspaces.get(directory, ()) if found.workspace else ())} - COMMON
    names = in_order(label for label in labels if is_valid(label))
    if not names or not (found.workspace or found.variable):
        return None
    layout = Layout.WORKSPACES if found.workspace else Layout.VARIABLE
    files = _Files(tree, (directory,))
    environments = tuple(
        Found(name, directory, workspace=name)
        if found.workspace
        else Found(name, directory, variables={found.variable: name} if found.variable else {})
        for name in names
    )
    return files.complete(Stack(directory, layout, environments))


class _Files:
    """The variables and backend files of a tree, each with the root module that it belongs to."""

    def __init__(self, tree: Tree, roots: Sequence[Path]) -> None:
        self.root = tree.root
        self._roots = frozenset(roots)
        self._variables = tree.variables
        self._backends = tree.backends

    def by_label(self, directory: Path, *, alone: bool) -> tuple[dict[str, list[Path]], list[Path], list[Path]]:
        """Return a root module's files by the label of their environment, those for all of them, and the others."""
        labeled: dict[str, list[Path]] = {}
        common: list[Path] = []
        unused: list[Path] = []
        for path in self._variables:
            owner = self._owner(path)
            if (owner != directory and not (alone and owner is None)) or _is_automatic(path, directory):
                continue
            parts = self._parts(path, directory if owner else self.root)
            number = chosen_part(parts)
            if number is not None:
                labeled.setdefault(parts[number], []).append(path)
            else:
                (common if any(part.lower() in COMMON for part in parts) else unused).append(path)
        return labeled, common, unused

    def complete(self, stack: Stack) -> Stack:
        """Add the files of backends, and in directories of environments the variables files that Terraform does not load itself."""
        return replace(stack, environments=tuple(map(self._complete, stack.environments)))

    def _complete(self, environment: Found) -> Found:
        own = tuple(path for path in self._variables if path.parent == environment.dir and not _is_automatic(path, environment.dir))
        named = re.compile(rf"(?:^|[-_./]){re.escape(environment.name)}(?:$|[-_./])")
        inside = [path for path in self._backends if path.is_relative_to(environment.dir)]
        outside = [path for path in self._backends if self._owner(path) is None]
        matching = [path for path in (*inside, *outside) if named.search("/".join(self._parts(path, self.root)))]
        alone = [path for path in inside if path.parent == environment.dir] if rank(environment.dir.name) is not None else []
        chosen = next(iter(matching or alone), None)
        in_directory = not (environment.var_files or environment.workspace or environment.variables)
        return replace(environment, var_files=own if in_directory else environment.var_files, backend=chosen)

    def _owner(self, path: Path) -> Path | None:
        """Return the nearest root module at or above a file."""
        return next((directory for directory in path.parents if directory in self._roots), None)

    def _parts(self, path: Path, directory: Path) -> tuple[str, ...]:
        parts = path.relative_to(directory).parts
        return (*parts[:-1], re.sub(r"\.(?:auto\.)?(?:tfvars(?:\.json)?|hcl|tfbackend|conf|config)$", "", parts[-1]))


def _is_automatic(path: Path, directory: Path) -> bool:
    """Tell whether Terraform loads a variables file of a root module by itself."""
    loaded = path.name in {"terraform.tfvars", "terraform.tfvars.json"} or path.name.endswith((".auto.tfvars", ".auto.tfvars.json"))
    return loaded and path.parent == directory
