"""What a name means where it is used."""

from __future__ import annotations

import ast
import builtins

from paritycheck.policy.calls.names import global_names
from paritycheck.policy.calls.objects import NOTHING, Frame, Library, Mark, Module, Values
from paritycheck.policy.calls.state import Here

STARRED = Mark("STARRED")
"""The modules of which a module imports everything."""
_BUILTINS = frozenset(dir(builtins))


def find_name(name: str, here: Here) -> Values:
    """Return what a name may be in a frame: its own, an enclosing function's, the module's, or a builtin."""
    frame: Frame | None = here.frame
    values = NOTHING
    while frame is not None:
        inner = frame.parent is not None
        visible = frame is here.frame or not isinstance(frame.code, ast.ClassDef)
        if not inner or (visible and name in frame.local):
            values |= here.read(frame, name)
            if inner and not isinstance(frame.code, ast.ClassDef):
                return values
        if inner and frame is here.frame and name in global_names(frame.code):
            frame = module_of(frame)
            continue
        frame = frame.parent
    return values | _find_outside(name, module_of(here.frame), here, bound=bool(values))


def _find_outside(name: str, module: Frame, here: Here, *, bound: bool) -> Values:
    starred = [value for value in here.read(module, STARRED) if isinstance(value, Module)]
    imported = NOTHING.union(*(read_module(value, name, here) for value in starred))
    if name in _BUILTINS and name not in module.local and not imported and not bound:
        return here.read(Library("builtins"), name) | {Library(f"builtins.{name}")}
    return imported


def bind_name(name: str, values: Values, here: Here) -> None:
    """Let a name be these values, in the frame that it belongs to."""
    frame: Frame | None = here.frame
    if frame is not None and name in global_names(frame.code):
        frame = module_of(frame)
    else:
        while frame is not None and frame.parent is not None and name not in frame.local:
            frame = frame.parent
    here.write(frame, name, values)


def module_of(frame: Frame) -> Frame:
    """Return the frame of a frame's module."""
    while frame.parent is not None:
        frame = frame.parent
    return frame


def read_module(module: Module, name: str, here: Here, *seen: Module) -> Values:
    """Return what a module's attribute may be: a name of its own, or one that it has from those of which it imports all names."""
    source = here.state.sources.find(module.name)
    if source is None or module in seen:
        return NOTHING
    frame = here.state.enter_module(source)
    values = here.read(frame, name)
    for starred in here.read(frame, STARRED):
        if isinstance(starred, Module):
            values |= read_module(starred, name, here, *seen, module)
    return values
