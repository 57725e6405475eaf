"""What a person reads when there is no report."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from paritycheck import __version__
from paritycheck.errors import ParityError, PlanError, shown_path
from paritycheck.inert import inert, shorten

_MESSAGE = 4_000
"""Characters of a message, a place or a hint that are shown."""

_DETAILS = 20_000
"""Characters of another tool's words that are shown."""

_PACKAGE = Path(__file__).parent.parent


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the file system refuses within the block, and nobody foresaw, into an error that names the file."""
    try:
        yield
    except OSError as error:
        if not isinstance(error.filename, str | bytes) or error.strerror is None:
            raise
        file = shown_path(Path(os.fsdecode(error.filename)))
        hint = "Is this user allowed to do it, and is there room?"
        raise PlanError(f"{file} cannot be used: {error.strerror}", hint=hint) from error


def explain(error: ParityError) -> Iterator[tuple[str, str]]:
    """Yield an error's parts, each a heading and a text: what is wrong, where, what to do, another tool's words."""
    yield "error", _line(error.message)
    if error.location is not None:
        place = error.location
        yield "where", _line(shown_path(place) if isinstance(place, Path) else str(place))
    if error.hint:
        yield "hint", _line(error.hint)
    if error.details:
        yield "details", _lines(shorten(error.details.rstrip(), _DETAILS).split("\n"))


def confess(error: BaseException, *, debug: bool) -> Iterator[tuple[str, str]]:
    """Yield the parts of what to say of a bug. Only types and places are named: an exception's own text may hold a secret."""
    frames = traceback.extract_tb(error.__traceback__)
    yield "error", f"this is a bug in paritycheck {__version__}: {type(error).__name__} at {_place(frames[-1])}"
    if debug:
        yield "details", _lines(f"{_place(frame)} in {frame.name}" for frame in frames)
    else:
        yield "hint", "Put --debug before the command to see where it struck, and report that together with this text."


def _lines(texts: Iterable[str]) -> str:
    """Set lines off from what stands before them."""
    return "".join(f"\n  {inert(text)}" for text in texts)


def _line(text: str) -> str:
    return inert(shorten(text, _MESSAGE))


def _place(frame: traceback.FrameSummary) -> str:
    """Name a line of code without the directories in which this machine keeps it."""
    path = Path(frame.filename)
    return f"{path.relative_to(_PACKAGE.parent) if path.is_relative_to(_PACKAGE) else path.name}:{frame.lineno}"
