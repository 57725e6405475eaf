"""Digests that tell whether anything that a run reads has changed."""

from __future__ import annotations

import hmac
import os
import stat
from dataclasses import dataclass, field

from paritycheck.cache.inputs import Input, NotKept, Program, Source, find_program

FILES = 50_000
"""Files and directories beyond which nobody waits for digests."""
BYTES = 1 << 30
"""Size of all files together beyond which nobody waits for digests."""

_CHUNK = 1 << 20
_COARSE = 2_000_000_000
_FINE = 20_000_000
"""Nanoseconds by which a file system's clock may be behind: where it counts whole seconds (FAT: two), and a kernel's tick elsewhere."""

_Trail = tuple[tuple[int, int], ...]


@dataclass
class Digester:
    """Reads inputs, each once; `key` keeps digests from being compared with those of guesses."""

    key: bytes
    quick: bool = False
    """Whether to take what the file system says of a file, its times and its number, for its content.

    An equal digest then means an equal content, as long as nothing changed when the digest was made: a change within the same tick
    of the clock would leave the times as they were. Another digest means nothing.
    """
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
        self._see(real, facts)
        return _add(state, found, real, *_identity(facts))

    def _add_input(self, state: hmac.HMAC, source: Input) -> None:
        try:
            link = os.lstat(source.path)
            if stat.S_ISLNK(link.st_mode):
                self._see(source.path, link)
            facts = _stat(source.path)
        except (FileNotFoundError, NotADirectoryError):
            _add(state, "absent")
            return self._see_parent(source.path)
        if stat.S_ISDIR(facts.st_mode):
            return self._add_directory(state, source, source.path, ((facts.st_dev, facts.st_ino),))
        if not stat.S_ISREG(facts.st_mode):
            raise NotKept(f"{source.path} is no regular file, and may hold something else the next time")
        return self._add_file(state, source.path, facts)

    def _add_directory(self, state: hmac.HMAC, source: Input, path: str, trail: _Trail) -> None:
        """Add what counts of a directory, in the order of names; a link back to a directory around it is only a name."""
        with os.scandir(path) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        self._see_directory(path, [entry for entry in found if entry.name in source.skipped])
        for entry in found:
            facts = self._facts(entry)
            is_directory = facts is not None and stat.S_ISDIR(facts.st_mode)
            if facts and is_directory and source.deep and source.contents:
                if entry.name not in source.skipped:
                    number = facts.st_dev, facts.st_ino
                    _add(state, "directory", entry.name)
                    if number not in trail:
                        self._add_directory(state, source, entry.path, (*trail, number))
                    _add(state, "end")
            elif entry.name.endswith(source.endings):
                _add(state, "file", entry.name)
                if source.contents and facts and not is_directory:
                    self._add_file(state, entry.path, facts)

    def _facts(self, entry: os.DirEntry[str]) -> os.stat_result | None:
        """Return what an entry leads to; a link into nothing is only a name."""
        self._files += 1
        if self._files > FILES:
            raise NotKept(f"there are more than {FILES:,} files to read, at {entry.path}")
        try:
            if entry.is_symlink():
                self._see(entry.path, entry.stat(follow_symlinks=False))
            return entry.stat()
        except FileNotFoundError:
            return None

    def _add_file(self, state: hmac.HMAC, path: str, facts: os.stat_result) -> None:
        """Add a file's content, or what stands for it; of what is no regular file only that it is there."""
        regular = stat.S_ISREG(facts.st_mode)
        _add(state, "content", regular, facts.st_mode & 0o111, facts.st_size if regular else 0)
        if not regular:
            return
        if self.quick:
            self._see(path, facts)
            _add(state, *_identity(facts))
            return
        self._bytes += facts.st_size
        if self._bytes > BYTES:
            raise NotKept(f"there are more than {BYTES >> 20} MiB to read, at {path}")
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 -- a text, as all paths here
            while chunk := stream.read(_CHUNK):
                state.update(chunk)
            self._see(path, os.fstat(stream.fileno()))

    def _see_directory(self, path: str, skipped: list[os.DirEntry[str]]) -> None:
        """Note when a directory's list of names changed, unless that was for what does not count: Python compiles what it imports."""
        facts = _stat(path)
        if all(entry.stat(follow_symlinks=False).st_ctime_ns < facts.st_ctime_ns for entry in skipped):
            self._see(path, facts)

    def _see_parent(self, path: str) -> None:
        """Note when the nearest directory last changed in which something absent could have been."""
        while (parent := os.path.dirname(path)) != path:  # noqa: PTH120 -- a text, as all paths here
            path = parent
            try:
                self._see(path, _stat(path))
            except (FileNotFoundError, NotADirectoryError):
                continue
            return

    def _see(self, path: str, facts: os.stat_result) -> None:
        """Note when something last changed; its time of modification can be set by anybody, the time of its change cannot."""
        changed = facts.st_ctime_ns + (_FINE if facts.st_ctime_ns % 1_000_000_000 else _COARSE)
        if changed > self.newest:
            self.newest, self.newest_path = changed, path


def _identity(facts: os.stat_result) -> tuple[int, ...]:
    """Return what no change of a file's content leaves as it was."""
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def _stat(path: str) -> os.stat_result:
    return os.stat(path)  # noqa: PTH116 -- a text, as all paths here


def _add(state: hmac.HMAC, *parts: object) -> None:
    """Add facts so that no others give the same bytes."""
    state.update(ascii(parts).encode())
