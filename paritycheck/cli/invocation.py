"""What a call of the program is about, whatever the command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Invocation:
    """What holds for a whole call of the program."""

    debug: bool = False
