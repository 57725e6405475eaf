"""Zip and tar.gz files that are the same, byte for byte, on every machine: fixed order, times, owners and modes.

Nothing is compressed, because compressors differ from one zlib to the next.
"""

from __future__ import annotations

import io
import os
import shutil
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any, BinaryIO

from paritycheck.provider.companions.globs import matches_any

_SCRATCH = ".paritycheck-archive-"
_BLOCK = 0xFFFF


class ArchiveError(Exception):
    """An archive that cannot be made, in words for the user."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive."""

    name: str
    """Path within the archive, with ``/`` between its parts."""
    source: Path | bytes
    """The file that holds the content, or the content itself."""

    def mode(self) -> int:
        """Return 0755 for what can be executed, 0644 for all else: what a checkout keeps of a file's mode."""
        executable = isinstance(self.source, Path) and self.source.stat().st_mode & 0o111
        return 0o755 if executable else 0o644

    def size(self) -> int:
        """Return the content's size in bytes."""
        return self.source.stat().st_size if isinstance(self.source, Path) else len(self.source)

    def open(self) -> BinaryIO:
        """Open the content."""
        return self.source.open("rb") if isinstance(self.source, Path) else io.BytesIO(self.source)


@dataclass(frozen=True, slots=True)
class Listing:
    """Which files of a directory belong into an archive."""

    excludes: tuple[str, ...] = ()
    """Patterns of what is left out; see `globs`."""
    follow_links: bool = True
    """Whether links to directories are entered."""
    output: Path | None = None
    """The archive itself, which may be in the directory."""

    def entries(self, directory: Path) -> Iterator[Entry]:
        """Yield the files below a directory, each directory's in the order of their names; raise `ArchiveError` without one."""
        if not directory.is_dir():
            raise ArchiveError(f"there is no directory {directory}")
        yield from self._walk(directory, "", (directory.resolve(),))

    def _walk(self, directory: Path, prefix: str, trail: tuple[Path, ...]) -> Iterator[Entry]:
        for path in sorted(directory.iterdir(), key=lambda path: path.name):
            name = prefix + path.name
            if path.name.startswith(_SCRATCH) or path == self.output or matches_any(name, self.excludes):
                continue
            if not path.is_dir():
                yield Entry(name, check_file(path))
            elif self.follow_links or not path.is_symlink():
                real = path.resolve()
                if real in trail:
                    raise ArchiveError(f"the link {path} leads back to a directory that holds it")
                yield from self._walk(path, name + "/", (*trail, real))


def check_file(path: Path) -> Path:
    """Return the path of a regular file; raise `ArchiveError` for anything else."""
    try:
        if stat.S_ISREG(path.stat().st_mode):
            return path
    except OSError as error:
        raise ArchiveError(f"there is no file {path}: {error.strerror}") from error
    raise ArchiveError(f"{path} is no regular file")


def write_archive(kind: str, entries: Iterable[Entry], output: Path, mode: int | None) -> None:
    """Write an archive of a kind in `WRITERS`; it appears at once and whole. `mode` is for all its files, where it is given."""
    entries = list(entries)
    if not entries:
        raise ArchiveError("the archive would be empty")
    with appearing(output) as file:
        WRITERS[kind](file, entries, mode)


@contextmanager
def appearing(output: Path) -> Iterator[BinaryIO]:
    """Give a file to write to, which appears under its name when all is written, and not at all where that fails."""
    output.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = mkstemp(prefix=_SCRATCH, dir=output.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(scratch).chmod(0o644)
        Path(scratch).replace(output)
    except BaseException:
        with suppress(OSError):
            Path(scratch).unlink()
        raise


def _write_zip(file: BinaryIO, entries: Iterable[Entry], mode: int | None) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry.name)
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | (entry.mode() if mode is None else mode)) << 16
            info.file_size = entry.size()
            with entry.open() as source, archive.open(info, "w") as target:
                shutil.copyfileobj(source, target)


def _write_tar(file: BinaryIO, entries: Iterable[Entry], mode: int | None) -> None:
    with _StoredGzip(file) as compressed, tarfile.open(fileobj=compressed, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for entry in entries:
            info = tarfile.TarInfo(entry.name)
            info.mode = entry.mode() if mode is None else mode
            info.size = entry.size()
            with entry.open() as source:
                archive.addfile(info, source)


WRITERS: Mapping[str, Callable[[BinaryIO, Iterable[Entry], int | None], None]] = {"zip": _write_zip, "tar.gz": _write_tar}
"""The kinds of archives that can be written."""


class _StoredGzip(io.RawIOBase):
    """A file to write to in the gzip format, without compression.

    https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._pending = bytearray()
        self._checksum = 0
        self._size = 0
        file.write(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff")

    def write(self, data: Any) -> int:
        self._checksum = zlib.crc32(data, self._checksum)
        self._size += len(data)
        self._pending += data
        while len(self._pending) > _BLOCK:
            self._write_block(bytes(self._pending[:_BLOCK]), last=False)
            del self._pending[:_BLOCK]
        return len(data)

    def close(self) -> None:
        self._write_block(bytes(self._pending), last=True)
        self._file.write(struct.pack("<II", self._checksum, self._size & 0xFFFFFFFF))
        super().close()

    def _write_block(self, data: bytes, *, last: bool) -> None:
        self._file.write(struct.pack("<BHH", last, len(data), len(data) ^ _BLOCK) + data)
