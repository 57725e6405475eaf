"""The seam between a report and its formats."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import Protocol

from paritycheck.errors import Location
from paritycheck.findings import Report


@dataclass(frozen=True, slots=True)
class Style:
    """What the place where a report is read can show, and where it looks for files."""

    width: int = 100
    """Columns."""
    color: bool = False
    unicode: bool = True
    """Whether lines and marks beyond ASCII can be drawn."""
    verbose: bool = False
    """Whether to show all findings of a cause, and each allowed difference."""
    directory: str = ""
    """The working directory, absolute; file names in a report are relative to it."""
    root: str = ""
    """The root of the repository, absolute; machines look for files from there."""

    def from_root(self, file: str) -> str:
        """Return a file's path from the root of the repository; an absolute one where the file is outside, or the root is not known."""
        path = posixpath.normpath(posixpath.join(self.directory, file))
        inside = self.root and path.startswith(f"{self.root.rstrip('/')}/")
        return posixpath.relpath(path, self.root) if inside else path

    def locate(self, location: Location) -> Location:
        """Return a place with its file named from the root of the repository."""
        return replace(location, file=self.from_root(location.file))


class Reporter(Protocol):
    """Renders a report in one format; pure: a report in, text out."""

    def render(self, report: Report) -> str:
        """Return the whole document."""
