"""Where reports and files go: all of a document or nothing of it."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from paritycheck.errors import UsageError, shown_path
from paritycheck.findings import Report
from paritycheck.reporters import Format, Style

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Outputs:
    """The reports to write: one to stdout or a file, and any number to files of their own."""

    style: Style
    main: Format
    main_file: Path | None
    files: tuple[tuple[Format, Path], ...]

    @classmethod
    def parse(cls, formats: Sequence[str], output: Path | None, style: Style) -> Outputs:
        """Read ``NAME`` and ``NAME=FILE``; raise `UsageError` for what cannot be written, before anybody waits for a plan."""
        pairs = [_parse(text) for text in formats]
        mains = [name for name, file in pairs if file is None]
        if len(mains) > 1:
            raise UsageError("only one report can go to stdout", hint="Give the others a file: --format json=report.json")
        files = tuple((name, file) for name, file in pairs if file is not None)
        main_file = None if output in (None, Path(STDOUT)) else output
        targets = [file for _, file in files] + ([main_file] if main_file else [])
        for target in targets:
            check_writable(target)
        if len({target.resolve() for target in targets}) < len(targets):
            raise UsageError("two reports name the same file", hint="Give each report a file of its own.")
        return cls(style, mains[0] if mains else Format.CONSOLE, main_file, files)

    @property
    def needs_topology(self) -> bool:
        """Whether any of the reports draws the resources."""
        return any(name.needs_topology for name in (self.main, *(name for name, _ in self.files)))

    def write(self, report: Report) -> None:
        """Render the report in every format, then write each: those that can be written are, also where another cannot."""
        plain = replace(self.style, width=Style().width, color=False, unicode=True)
        pairs = [*self.files, *([(self.main, self.main_file)] if self.main_file else [])]
        writes = [partial(write_file, file, name.reporter(plain).render(report).encode()) for name, file in pairs]
        if not self.main_file:
            writes.insert(0, partial(print_out, self.main.reporter(self.style).render(report)))
        if failures := [error for error in map(_failure, writes) if error]:
            raise failures[0]


def _failure(write: Callable[[], None]) -> UsageError | None:
    try:
        write()
    except UsageError as error:
        return error
    return None


def _parse(text: str) -> tuple[Format, Path | None]:
    name, separator, file = text.partition("=")
    try:
        chosen = Format(name)
    except ValueError:
        raise UsageError(f"there is no report format {name!r}", hint=f"Choose one of {', '.join(Format)}.") from None
    if separator and not file:
        raise UsageError(f"--format {name}= names no file", hint=f"Write --format {name}=FILE, or --format {name} for stdout.")
    return chosen, None if file in ("", STDOUT) else Path(file)


def check_writable(file: Path) -> None:
    """Raise `UsageError` where a file cannot be written."""
    if _is_stream(file):
        return
    parent = file.resolve().parent
    if not parent.is_dir():
        raise UsageError(f"the directory of {shown_path(file)} does not exist", hint=f"Make it first: mkdir -p {file.parent}")
    if file.is_dir():
        raise UsageError(f"{shown_path(file)} is a directory", hint="Name a file in it.")
    if not os.access(parent, os.W_OK):
        raise UsageError(f"{shown_path(file)} cannot be written: its directory is read-only", hint="Name a file in another directory.")


def make_directory(directory: Path) -> None:
    """Make a directory, with its parents; raise `UsageError` where that cannot be done."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the directory {shown_path(directory)} cannot be made: {error.strerror}", hint="Name another one.") from error


def write_file(file: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write a file at once: it has all of the data, or what it had before. Devices and pipes are written as they are.

    A file that is there already stays as closed to others as it is.
    """
    try:
        if _is_stream(file):
            file.write_bytes(data)
        else:
            _replace(file.resolve(), data, mode)
    except BrokenPipeError:
        return
    except OSError as error:
        raise UsageError(f"{shown_path(file)} cannot be written: {error.strerror}", hint="Name another file.") from error


def _is_stream(file: Path) -> bool:
    """Tell whether something is written from its beginning to its end; what `/dev/fd` leads to has no path of its own."""
    return file.exists() and not (file.is_file() or file.is_dir())


def _replace(target: Path, data: bytes, mode: int) -> None:
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
            if target.exists():
                os.fchmod(stream.fileno(), stat.S_IMODE(target.stat().st_mode) & mode)
            stream.write(data)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def print_out(text: str) -> None:
    """Print data to stdout in the encoding that it has; a reader that went away is no failure."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_stdout()
    except OSError as error:
        _discard_stdout()
        raise UsageError(f"the report cannot be printed: {error.strerror}", hint="Write it to a file: --output FILE") from error


def _discard_stdout() -> None:
    """Let the interpreter flush what is left into nothing when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
