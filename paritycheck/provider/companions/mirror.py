"""Writing where Terraform runs in a mirror of the user's directory, in which all but the way there are symbolic links."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock

_LOCK = Lock()


def claim(path: str, directory: Path, original: Path) -> Path:
    """Return where to write a file that a configuration names, so that it is in the mirror and nowhere else.

    `directory` mirrors `original`, with all of its ancestors. Links on the way to the file become directories of links.
    """
    if directory == original:
        return directory / path
    root = directory.parents[len(original.parts) - 2]
    target = Path(os.path.normpath(directory / path))
    if not target.is_relative_to(root):
        target = root / target.relative_to("/")
    with _LOCK:
        for ancestor in reversed([parent for parent in target.parents if parent.is_relative_to(root)]):
            if ancestor.is_symlink():
                _unfold(ancestor)
    return target


def _unfold(link: Path) -> None:
    """Replace a link to a directory with a directory of links."""
    linked = link.resolve()
    unfolded = Path(mkdtemp(dir=link.parent))
    if linked.is_dir():
        for entry in os.scandir(linked):
            (unfolded / entry.name).symlink_to(entry.path)
    link.unlink()
    unfolded.rename(link)
