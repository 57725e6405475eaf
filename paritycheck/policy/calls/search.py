"""Find the AWS calls of a function: run nothing, follow values through its source until nothing new is learned.

The search is a points-to analysis of the syntax trees: every name, field and item holds all the objects that it may ever
be, whatever the order of statements and the outcome of conditions. Only code that the entry reaches counts: its module's and
those that it imports, and functions that are called, or given to a library, on objects that are made. A function is looked
at once for each way in which it is called (two calls back), and an object is known by the place that makes it.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from paritycheck.errors import Location, shown_path
from paritycheck.policy.calls import (
    aws,
    classes,
    collecting,
    containers,
    displays,
    expressions,
    flow,
    functions,
    imports,
    instances,
    libraries,
    operators,
    patterns,
    resources,
    signing,
    statements,
)
from paritycheck.policy.calls.flow import SOME, attributes, evaluate, run
from paritycheck.policy.calls.imports import import_module
from paritycheck.policy.calls.libraries import run_outside
from paritycheck.policy.calls.model import Call, SourceCalls, Undecided
from paritycheck.policy.calls.objects import RETURNED, Arguments, Frame, Opaque
from paritycheck.policy.calls.sources import SourceCodeError, SourceModule, Sources
from paritycheck.policy.calls.state import ExhaustedError, Here, State
from paritycheck.policy.calls.texts import describe

_KINDS = (
    aws,
    classes,
    collecting,
    containers,
    displays,
    instances,
    signing,
    expressions,
    functions,
    imports,
    libraries,
    operators,
    patterns,
    resources,
    statements,
)
"""The modules that say how each kind of syntax and value behaves."""


def find_calls(directories: Sequence[Path], entry: str, *, sources: Sources | None = None) -> SourceCalls:
    """Return the AWS calls that a function's code can make.

    Args:
        directories: Where its modules are imported from, such as the contents of its archive; other modules are libraries.
        entry: Its handler, as "module.function" with a dotted module.
        sources: The same directories' sources, if several functions share them: each file is parsed once.

    Raises:
        SourceCodeError: A module that it imports cannot be read or parsed, or there is no such handler.
    """
    sources = sources or Sources(directories)
    module, _, name = entry.rpartition(".")
    start = sources.find(module) if module else None
    if start is None:
        raise SourceCodeError(
            f"There is no module for the handler {entry!r} in {' or '.join(map(_described, directories)) or 'no directory'}.",
            hint="A handler is named MODULE.FUNCTION, with a dotted module below one of the function's source directories.",
        )
    search = _Search(State(sources), start, name)
    search.finish()
    return search.report()


def _described(directory: Path) -> str:
    return shown_path(directory) + ("" if os.path.isdir(directory) else " (no such directory)")  # noqa: PTH112 -- it never raises


class _Search:
    """One search, from a handler on."""

    def __init__(self, state: State, start: SourceModule, name: str) -> None:
        self._state = state
        self._start = start
        self._name = name
        self._root = Frame(start.tree, start, None)
        """Stands for Lambda, which imports the module and calls the handler."""

    def finish(self) -> None:
        """Look at all code that is reached, and again at what reads something that has grown, until nothing grows."""
        frame: Frame | None = self._root
        while frame is not None:
            here = Here(frame, self._state)
            self._state.begin(frame)
            try:
                self._look(here)
            except RecursionError as error:
                place = Path(frame.module.file)
                raise SourceCodeError("An expression is nested too deeply to be followed.", location=place) from error
            except ExhaustedError:
                here.undecided("the code is too involved to be followed to its end", frame.node)
                return
            frame = self._state.next_frame()

    def _look(self, here: Here) -> None:
        code = here.frame.code
        if here.frame is self._root:
            handlers = attributes(import_module(self._start.name, here, self._start.tree), self._name, here, self._start.tree)
            flow.calls(handlers, Arguments((SOME, SOME)), here, self._start.tree)
        elif isinstance(code, Opaque):
            run_outside(code, here)
        elif isinstance(code, ast.Lambda):
            here.write(here.frame, RETURNED, evaluate(code.body, here))
        else:
            for statement in code.body:
                run(statement, here)

    def report(self) -> SourceCalls:
        """Return what was found, in the order of its places and without repetitions."""
        here = Here(self._root, self._state)
        if not attributes(import_module(self._start.name, here, self._start.tree), self._name, here, self._start.tree):
            hint = "A handler is named MODULE.FUNCTION."
            raise SourceCodeError(f"The module has no handler {self._name!r}.", location=Location(self._start.file, 1), hint=hint)
        described = (
            Call(found.service, found.operation, describe(found.arguments, here), found.location)
            for found in chain(*self._state.calls.values())
        )
        calls = {(str(call), call.location, repr(call.parameters)): call for call in described}
        undecided = set(chain(*self._state.undecided.values()))
        return SourceCalls(
            calls=tuple(sorted(calls.values(), key=_by_place)),
            undecided=tuple(sorted(undecided, key=_by_place)),
        )


def _by_place(found: Call | Undecided) -> tuple[str, int, int, str]:
    place = found.location
    return place.file, place.line, place.column or 0, repr(found)
