"""Text for a terminal, as wide and as colorful as the place where it is read."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType

from paritycheck.reporters.interface import Style

_MINIMUM = 60
"""Columns below which nothing readable can be laid out."""


def draw_page(parts: Iterable[RenderableType], style: Style) -> str:
    """Draw what stands one below the other; text that must not be wrapped is a `str`."""
    page = io.TextIOWrapper(io.BytesIO(), encoding="utf-8" if style.unicode else "ascii", errors="backslashreplace")
    console = Console(
        file=page,
        width=max(_MINIMUM, style.width),
        force_terminal=style.color,
        color_system="standard" if style.color else None,
        no_color=not style.color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for part in parts:
        if isinstance(part, str):
            console.out(part, highlight=False)
        else:
            console.print(part)
    page.seek(0)
    return "".join(f"{line.rstrip()}\n" for line in page)
