"""The state of a search: what every place may hold, who has to look again when that grows, and what was found."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from paritycheck.errors import Location
from paritycheck.policy.calls.model import UNKNOWN, Env, Joined, Text, Undecided
from paritycheck.policy.calls.names import bound_names
from paritycheck.policy.calls.objects import Arguments, Class, Container, Frame, Function, Opaque, Sites, Value, Values
from paritycheck.policy.calls.sources import SourceModule, Sources

_DEPTH = 2
"""How many calls tell runs of the same function apart."""
_MOST_CONTEXTS = 64
"""A function that is called in more ways than these is not told apart any longer."""
_MOST_TEXTS = 32
"""A place that may hold more texts than these may hold any."""
_MOST_STEPS = 500_000
"""After so many looks at a place the search is given up; a function of a thousand lines takes some thirty thousand."""

_NAMES = object()


class ExhaustedError(Exception):
    """A search that takes too long: the source is too involved."""


@dataclass(frozen=True, slots=True)
class Found:
    """A call, with the values of its arguments."""

    service: str
    operation: str
    arguments: Arguments
    location: Location


class Cell:
    """What one place may hold, and the frames that have read it."""

    __slots__ = ("readers", "texts", "values")

    def __init__(self) -> None:
        self.values: Values = frozenset()
        self.readers: set[Frame] = set()
        self.texts = 0


class State:
    """All that a search knows; it only grows."""

    def __init__(self, sources: Sources) -> None:
        """Start with nothing known of these sources."""
        self.sources = sources
        self.calls: dict[Frame, list[Found]] = {}
        self.undecided: dict[Frame, list[Undecided]] = {}
        self._cells: dict[Hashable, dict[Hashable, Cell]] = {}
        self._frames: dict[Hashable, Frame] = {}
        self._contexts: dict[ast.AST, set[object]] = {}
        self._waiting: deque[Frame] = deque()
        self._queued: set[Frame] = set()
        self._steps = 0

    def read(self, owner: Hashable, name: Hashable, reader: Frame) -> Values:
        """Return what a place holds; the reader looks again when it holds more."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            # What was found may still be read, to be told.
            self._steps = 0
            raise ExhaustedError
        cell = self._cell(owner, name)
        cell.readers.add(reader)
        return cell.values

    def write(self, owner: Hashable, name: Hashable, values: Values) -> None:
        """Let a place hold these values, too."""
        cell = self._cell(owner, name)
        new = values - cell.values
        if not new:
            return
        cell.texts += sum(isinstance(value, Text | Joined | Env) for value in new)
        if cell.texts > _MOST_TEXTS:
            new = frozenset(value for value in new if not isinstance(value, Text | Joined | Env)) | {UNKNOWN}
            new -= cell.values
        if not new:
            return
        cell.values |= new
        self._wake(cell.readers)

    def names(self, owner: Hashable, reader: Frame) -> list[Hashable]:
        """Return the names of an owner's places; the reader looks again when there are more."""
        self._cell(owner, _NAMES).readers.add(reader)
        return [name for name in self._cells[owner] if name is not _NAMES]

    def enter_module(self, module: SourceModule) -> Frame:
        """Return the frame of a module, which runs once."""
        key: Hashable = (module,)
        if key not in self._frames:
            self._frames[key] = Frame(module.tree, module, None, local=bound_names(module.tree))
            self._wake({self._frames[key]})
        return self._frames[key]

    def enter_class(self, cls: Class) -> Frame:
        """Return the frame of a class's body."""
        key: Hashable = (cls,)
        if key not in self._frames:
            self._frames[key] = Frame(cls.node, cls.frame.module, cls.frame, cls.frame.context, cls, bound_names(cls.node))
            self._wake({self._frames[key]})
        return self._frames[key]

    def enter_function(self, function: Function, caller: Frame, site: ast.AST, receiver: Value | None) -> Frame:
        """Return the frame of a function for a call: calls of the same places share it."""
        context = ((site, receiver), *caller.context)[:_DEPTH]
        contexts = self._contexts.setdefault(function.node, set())
        if context not in contexts and len(contexts) >= _MOST_CONTEXTS:
            context = ((function.node, None),)
        contexts.add(context)
        key: Hashable = (function, context)
        if key not in self._frames:
            names = bound_names(function.node)
            self._frames[key] = Frame(function.node, function.frame.module, function.frame, context, function.owner, names)
            self._wake({self._frames[key]})
        return self._frames[key]

    def enter_outside(self, taker: Opaque, caller: Frame) -> None:
        """Have the code run that calls what somebody outside was given."""
        key: Hashable = (taker,)
        if key not in self._frames:
            self._frames[key] = Frame(taker, caller.module, None, ((taker.node, None),))
            self._wake({self._frames[key]})

    def begin(self, frame: Frame) -> None:
        """Forget what was found in an earlier look at a frame, when less was known."""
        self.calls[frame], self.undecided[frame] = [], []

    def next_frame(self) -> Frame | None:
        """Return a frame whose code has to be looked at, or None if all is known."""
        if not self._waiting:
            return None
        frame = self._waiting.popleft()
        self._queued.discard(frame)
        return frame

    def _cell(self, owner: Hashable, name: Hashable) -> Cell:
        cells = self._cells.setdefault(owner, {})
        cell = cells.get(name)
        if cell is None:
            cell = cells[name] = Cell()
            if _NAMES in cells:
                self._wake(cells[_NAMES].readers)
        return cell

    def _wake(self, frames: Iterable[Frame]) -> None:
        for frame in frames:
            if frame not in self._queued:
                self._queued.add(frame)
                self._waiting.append(frame)


@dataclass(frozen=True, slots=True)
class Here:
    """The frame whose code is looked at, and the state that it adds to."""

    frame: Frame
    state: State

    def read(self, owner: Hashable, name: Hashable) -> Values:
        """Return what a place holds."""
        return self.state.read(owner, name, self.frame)

    def write(self, owner: Hashable, name: Hashable, values: Values) -> None:
        """Let a place hold these values, too."""
        self.state.write(owner, name, values)

    def names(self, owner: Hashable) -> list[Hashable]:
        """Return the names of an owner's places."""
        return self.state.names(owner, self.frame)

    @property
    def sites(self) -> Sites:
        """The calls that led here."""
        return self.frame.sites

    def make(self, kind: str, node: ast.AST) -> Container:
        """Return the container that a place makes."""
        return Container(kind, node, self.sites)  # type: ignore[arg-type]  # callers name literals

    def locate(self, node: ast.AST) -> Location:
        """Return the place of a node of this frame's module."""
        line = getattr(node, "lineno", 1)
        return Location(self.frame.module.file, line, getattr(node, "col_offset", 0) + 1)

    def undecided(self, reason: str, node: ast.AST) -> None:
        """Note that calls may be missed here."""
        self.state.undecided[self.frame].append(Undecided(reason, self.locate(node)))

    def doubt(self, reason: str, node: ast.AST, values: Values) -> None:
        """Note that calls are missed here if there is still none of these values in the last look."""
        if not values:
            self.undecided(reason, node)

    def found(self, service: str, operation: str, arguments: Arguments, node: ast.AST) -> None:
        """Note a call."""
        self.state.calls[self.frame].append(Found(service, operation, arguments, self.locate(node)))
