"""What a run reads, and digests that tell whether any of it has changed."""

from __future__ import annotations

import hmac
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

FILES = 50_000
"""Files and directories beyond which nobody waits for digests."""
BYTES = 1 << 30
"""Size of all files together beyond which nobody waits for digests."""

_CHUNK = 1 << 20
_COARSE = 2_000_000_000
_FINE = 20_000_000
"""Nanoseconds by which a file system's clock may be behind: where it counts whole seconds (FAT: two), and a kernel's tick elsewhere."""


class NotKept(Exception):  # noqa: N818 -- a verdict that is not kept is no failure
    """A verdict cannot be kept, because it cannot be told when it would be another one; the text says why."""


@dataclass(frozen=True, slots=True)
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
        inside = other.path.startswith(self.path.rstrip("/") + "/") and "/../" not in other.path
        return self == other or (whole and (inside or other.path == self.path))


@dataclass(frozen=True, slots=True)
class Program:
    """A program by its name or path: which file that is, and whether it is still the same file."""

    name: str


Source = Input | Program


@dataclass
class Digester:
    """Reads inputs, each once; `key` keeps digests from being compared with those of guesses."""

    key: bytes
    newest: int = 0
    """When anything that was read last changed, in nanoseconds, as far as the file system's clock can tell."""
    newest_path: str = ""
    _files: int = 0
    _bytes: int = 0
    _known: dict[Source, str] = field(default_factory=dict)

    def digest(self, source: Source) -> str:
        """Return an input's digest. Raises `NotKept` where there is too much to read, `OSError` where reading fails."""
        if source not in self._known:
            state = hmac.new(self.key, digestmod="sha256")
            if isinstance(source, Program):
                self._add_program(state, source)
            else:
                self._add_input(state, source)
            self._known[source] = state.hexdigest()
        return self._known[source]

    def _add_program(self, state: hmac.HMAC, program: Program) -> None:
        found = find_program(program.name)
        if found is None:
            return _add(state, "absent")
        real = os.path.realpath(found)
        facts = _stat(real)
        self._seen(real, facts)
        return _add(state, found, real, facts.st_size, facts.st_mtime_ns, facts.st_ino)

    def _add_input(self, state: hmac.HMAC, source: Input) -> None:
        try:
            self._seen(source.path, os.lstat(source.path))
            facts = _stat(source.path)
        except (FileNotFoundError, NotADirectoryError):
            _add(state, "absent")
            return self._see_parent(source.path)
        if stat.S_ISDIR(facts.st_mode):
            return self._add_directory(state, source, source.path, (os.path.realpath(source.path),))
        return self._add_file(state, source.path, facts)

    def _add_directory(self, state: hmac.HMAC, source: Input, path: str, trail: tuple[str, ...]) -> None:
        """Add what counts of a directory, in the order of names; a link back to a directory around it is only a name."""
        with os.scandir(path) as entries:
            names = sorted(entry.name for entry in entries)
        self._see_directory(path, [name for name in names if name in source.skipped])
        for name in names:
            inner = os.path.join(path, name)  # noqa: PTH118 -- a text, as all paths here
            facts = self._facts(inner)
            is_directory = facts is not None and stat.S_ISDIR(facts.st_mode)
            if is_directory and source.deep and source.contents:
                if name not in source.skipped:
                    real = os.path.realpath(inner)
                    _add(state, "directory", name)
                    if real not in trail:
                        self._add_directory(state, source, inner, (*trail, real))
                    _add(state, "end")
            elif name.endswith(source.endings):
                _add(state, "file", name)
                if source.contents and facts is not None and not is_directory:
                    self._add_file(state, inner, facts)

    def _see_directory(self, path: str, skipped: list[str]) -> None:
        """Note when a directory's list of names changed, unless that was for what does not count: Python compiles what it imports."""
        facts = _stat(path)
        inside = [found for name in skipped if (found := self._facts(f"{path}/{name}"))]
        if all(found.st_ctime_ns < facts.st_ctime_ns for found in inside):
            self._seen(path, facts)

    def _facts(self, path: str) -> os.stat_result | None:
        """Return what a path leads to; a link into nothing is only a name."""
        self._files += 1
        if self._files > FILES:
            raise NotKept(f"there are more than {FILES:,} files to read, at {path}")
        try:
            return _stat(path)
        except FileNotFoundError:
            return None

    def _add_file(self, state: hmac.HMAC, path: str, facts: os.stat_result) -> None:
        """Add a file's content; of what is no regular file only that it is there."""
        regular = stat.S_ISREG(facts.st_mode)
        _add(state, "content", regular, facts.st_mode & 0o111, facts.st_size if regular else 0)
        if not regular:
            return
        self._bytes += facts.st_size
        if self._bytes > BYTES:
            raise NotKept(f"there are more than {BYTES >> 20} MiB to read, at {path}")
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 -- a text, as all paths here
            while chunk := stream.read(_CHUNK):
                state.update(chunk)
            self._seen(path, os.fstat(stream.fileno()))

    def _see_parent(self, path: str) -> None:
        """Note when the nearest directory last changed in which something absent could have been."""
        while (parent := os.path.dirname(path)) != path:  # noqa: PTH120 -- a text, as all paths here
            path = parent
            try:
                self._seen(path, _stat(path))
            except (FileNotFoundError, NotADirectoryError):
                continue
            return

    def _seen(self, path: str, facts: os.stat_result) -> None:
        """Note when something last changed; its time of modification can be set by anybody, the time of its change cannot."""
        changed = facts.st_ctime_ns + (_FINE if facts.st_ctime_ns % 1_000_000_000 else _COARSE)
        if changed > self.newest:
            self.newest, self.newest_path = changed, path


def find_program(name: str) -> str | None:
    """Return the file that a program's name or path means."""
    return shutil.which(os.path.expanduser(name))  # noqa: PTH111 -- pathlib drops the "./" of what is not on PATH


def distinct(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Return the inputs without those that others cover, in a fixed order."""
    found = set(sources)
    inputs = {each for each in found if isinstance(each, Input)}
    trees = [each for each in inputs if each.deep]
    kept = [each for each in inputs if not any(tree.covers(each) and tree != each for tree in trees)]
    programs: Iterator[Program] = (each for each in found if isinstance(each, Program))
    return (*sorted(programs, key=lambda each: each.name), *sorted(kept, key=lambda each: (each.path, each.endings, each.skipped)))


def _stat(path: str) -> os.stat_result:
    return os.stat(path)  # noqa: PTH116 -- a text, as all paths here


def _add(state: hmac.HMAC, *parts: object) -> None:
    """Add facts so that no others give the same bytes."""
    state.update(ascii(parts).encode())
