"""What a run reads."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass


class NotKept(Exception):  # noqa: N818 -- a verdict that is not kept is no failure
    """A verdict cannot be kept, because it cannot be told when it would be another one; the text says why."""


@dataclass(frozen=True, slots=True, order=True)
class Input:
    """A file, whether it is there or not; or of a directory the names and contents that count."""

    path: str
    """Absolute."""
    endings: tuple[str, ...] = ("",)
    """How the names of those files in a directory end that count; all by default."""
    deep: bool = False
    """Whether directories below count too."""
    contents: bool = True
    """Whether the files' contents count, and not only their names."""
    skipped: tuple[str, ...] = ()
    """Names of directories below that do not count."""

    def covers(self, other: Input) -> bool:
        """Tell whether nothing of the other one can change without this one."""
        whole = self.deep and self.contents and self.endings == ("",) and not self.skipped
        inside = other.path.startswith(self.path.rstrip("/") + "/") and ".." not in other.path.split("/")
        return self == other or (whole and (inside or other.path == self.path))


@dataclass(frozen=True, slots=True, order=True)
class Program:
    """A program by its name or path: which file that is, and whether it is still the same file."""

    name: str


Source = Input | Program


def find_program(name: str) -> str | None:
    """Return the file that a program's name or path means."""
    return shutil.which(os.path.expanduser(name))  # noqa: PTH111 -- pathlib drops the "./" of what is not on PATH


def distinct(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Return the inputs without those that others cover, in a fixed order."""
    found = set(sources)
    inputs = {each for each in found if isinstance(each, Input)}
    trees = [each for each in inputs if each.deep]
    kept = [each for each in inputs if not any(tree.covers(each) and tree != each for tree in trees)]
    return (*sorted(each for each in found if isinstance(each, Program)), *sorted(kept))
