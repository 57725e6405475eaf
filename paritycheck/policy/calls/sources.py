"""Python sources: found by their modules' names, read and parsed once, never executed."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from paritycheck.errors import Location, ParityError, shown_path

MAX_BYTES = 4 * 2**20
"""Sources larger than this are refused: nobody writes them, and parsing takes a hundred times their memory."""


class SourceCodeError(ParityError):
    """A source that cannot be read or parsed, so that nothing can be said of what it calls."""


@dataclass(frozen=True, slots=True, eq=False)
class SourceModule:
    """A module that was parsed."""

    name: str
    """Its dotted name."""
    file: str
    """Its file as the user would type it; empty for a folder without an `__init__.py`."""
    is_package: bool
    tree: ast.Module

    def resolve(self, name: str, level: int) -> str:
        """Return the full name of a module that this one names relatively, by `level` dots; without dots it is the name."""
        if not level:
            return name
        package = self.name.split(".") if self.is_package else self.name.split(".")[:-1]
        above = package[: len(package) - level + 1]
        return ".".join([*above, name] if name else above)


class Sources:
    """The modules below some directories, as if these were on Python's path."""

    def __init__(self, directories: Sequence[Path]) -> None:
        """Find modules in these directories, in this order."""
        self._directories = tuple(directories)
        self._modules: dict[str, SourceModule | None] = {}

    def find(self, name: str) -> SourceModule | None:
        """Return a module by its dotted name, or None if the directories have none of it.

        Raises:
            SourceCodeError: It is there, and cannot be read or parsed.
        """
        if name not in self._modules:
            self._modules[name] = self._load(name)
        return self._modules[name]

    def _load(self, name: str) -> SourceModule | None:
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        for directory in self._directories:
            place = directory.joinpath(*parts)
            package, module = place / "__init__.py", place.with_name(f"{place.name}.py")
            if _is_there(package):
                return SourceModule(name, shown_path(package), is_package=True, tree=parse(package))
            if _is_there(module):
                return SourceModule(name, shown_path(module), is_package=False, tree=parse(module))
            if place.is_dir():
                return SourceModule(name, "", is_package=True, tree=ast.Module([], []))
        return None


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise SourceCodeError(f"Cannot look for {shown_path(path)}: {error.strerror}.", location=path) from error


def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a file; raise `SourceCodeError` with its place if there is none."""
    content = _read(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(content, filename=str(path))
    except SyntaxError as error:
        place = Location(shown_path(path), error.lineno or 1, error.offset or None)
        raise SourceCodeError(f"The source is no Python that can be read: {error.msg}.", location=place, hint=_SYNTAX_HINT) from error
    except ValueError as error:
        raise SourceCodeError(f"The source is no Python that can be read: {error}.", location=path, hint=_SYNTAX_HINT) from error
    except (RecursionError, MemoryError) as error:
        raise SourceCodeError("The source is nested too deeply to be read.", location=path) from error


_SYNTAX_HINT = "Mend the source, or run paritycheck with a Python as new as the function's runtime."


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise SourceCodeError("The source is not a file.", location=path)
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceCodeError(f"The source cannot be read: {error.strerror}.", location=path) from error
    if len(content) > MAX_BYTES:
        raise SourceCodeError(f"The source is larger than {MAX_BYTES // 2**20} MiB.", location=path)
    return content
