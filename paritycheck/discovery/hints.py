"""What a closer look at one stack tells: which variable holds the environment's name, what else differs by nature, where code is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from paritycheck.config import Environment
from paritycheck.discovery.names import mean_the_same
from paritycheck.discovery.stacks import Found, Stack
from paritycheck.discovery.switches import NAMING
from paritycheck.source.constructs import Literal
from paritycheck.source.declarations import Variable, variables
from paritycheck.source.module import Module
from paritycheck.source.reading import read
from paritycheck.source.syntax import Expression
from paritycheck.source.variables import assignments

_TOKENS = {"account": re.compile(r"[0-9]{12}"), "region": re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]")}
"""What an account's id and a region look like (https://docs.aws.amazon.com/general/latest/gr/rande.html)."""

_SOURCE = re.compile(r'\bsource_(?:dir|file)\s*=\s*"\$\{path\.(?:module|root)\}/([^"$]+)"')
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_POLICIES = ("policies", "checks", "checkov")
_CHECKS = frozenset({".py", ".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Hints:
    """What is worth saying about a stack besides its environments."""

    variable: str | None
    """The variable that holds the environment's name."""
    tokens: Mapping[str, Mapping[str, str]]
    """Texts by environment that differ one to one, by label."""
    unset: tuple[str, ...]
    """Variables without a default that nothing sets in some environment."""
    functions: bool
    """Whether there are Lambda functions."""
    code: tuple[Path, ...]
    """Directories with the functions' Python code, as far as they are seen."""
    policies: Path | None
    """A directory of checks."""


def look_closer(stack: Stack) -> Hints:
    """Read what a stack's variables are set to, and its functions. Raises `ConfigError` for files that cannot be read."""
    modules = {found.dir: Module(found.dir) for found in stack.environments}
    values = {found.name: _texts(found, modules[found.dir]) for found in stack.environments}
    shared = [name for name in next(iter(values.values())) if all(name in texts for texts in values.values())]
    columns = {name: {environment: texts[name] for environment, texts in values.items()} for name in shared}
    reached = [*modules.values(), *_called(modules.values())]
    return Hints(
        variable=_naming(columns),
        tokens=dict(_tokens(columns)),
        unset=tuple(dict.fromkeys(name for found in stack.environments for name in _unset(found, modules[found.dir]))),
        functions=any(b'"aws_lambda_function"' in file.data for module in reached for file in module.files),
        code=tuple(dict.fromkeys(_code(reached))),
        policies=next((stack.home / name for name in _POLICIES if _holds_checks(stack.home / name)), None),
    )


def _holds_checks(directory: Path) -> bool:
    return any(path.suffix in _CHECKS for path in directory.glob("*"))


def _unset(found: Found, module: Module) -> Iterator[str]:
    """Yield the root module's variables that have no value in an environment."""
    given = {assignment.name for assignment in assignments(_environment(found))}
    yield from (variable.name for variable in _declared(module) if variable.required and variable.name not in given)


def _declared(module: Module) -> list[Variable]:
    """Return the variables whose names Terraform takes; JSON can hold any other."""
    return [variable for variable in variables(module) if _NAME.fullmatch(variable.name)]


def _environment(found: Found) -> Environment:
    return Environment(found.name, found.dir, found.var_files, found.variables)


def _texts(found: Found, module: Module) -> dict[str, str]:
    """Return the root module's variables that have a text in an environment; sensitive ones are nobody's to read."""
    open_variables = {variable.name for variable in _declared(module) if not variable.sensitive}
    defaults = {
        name: block.attributes["default"].value for name, block in module.of_kind("variable").items() if "default" in block.attributes
    }
    given = {assignment.name: assignment.value for assignment in assignments(_environment(found))}
    texts = {name: _text(value if isinstance(value, Expression) else value.value) for name, value in {**defaults, **given}.items()}
    return {name: text for name, text in texts.items() if text and name in open_variables}


def _text(value: object) -> str | None:
    """Return a plain text, or a whole number as one."""
    found = read(value) if isinstance(value, Expression) else Literal(value)
    plain = isinstance(found, Literal) and isinstance(found.value, str | int) and not isinstance(found.value, bool)
    return str(found.value) if isinstance(found, Literal) and plain else None


def _naming(columns: Mapping[str, Mapping[str, str]]) -> str | None:
    """Return the variable whose value is every environment's name, or an abbreviation of it, each another one."""
    naming = [
        name
        for name, texts in columns.items()
        if len({*texts.values()}) == len(texts) and all(mean_the_same(text, environment) for environment, text in texts.items())
    ]
    return min(naming, key=lambda name: NAMING.index(name) if name in NAMING else len(NAMING), default=None)


def _tokens(columns: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for label, pattern in _TOKENS.items():
        for texts in columns.values():
            if len({*texts.values()}) == len(texts) and all(map(pattern.fullmatch, texts.values())):
                yield label, texts
                break


def _called(modules: Iterable[Module]) -> list[Module]:
    """Return the local modules that root modules call themselves."""
    directories = {
        called for module in modules for name in module.of_kind("module") if (called := module.call_directory(name)) and called.is_dir()
    }
    return [Module(directory) for directory in sorted(directories)]


def _code(modules: Iterable[Module]) -> Iterator[Path]:
    """Yield directories of Python code that the modules make archives of."""
    for module in modules:
        for file in module.files:
            for match in _SOURCE.finditer(file.data.decode()):
                path = module.directory / match[1]
                directory = path if path.is_dir() else path.parent
                if any(directory.glob("*.py")):
                    yield directory
