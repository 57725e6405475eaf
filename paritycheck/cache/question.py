"""What a run is asked, as far as it is known before anything is read."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from paritycheck import __version__

_TELLING = re.compile(r"TF_.*|TOFU_.*|AWS_(DEFAULT_)?REGION|HOME")
"""Variables that Terraform core or the embedded providers read. Which programs `PATH` leads to is looked up by itself."""


@dataclass(frozen=True, slots=True)
class Question:
    """A command with its options, where and when it is given."""

    command: str
    options: tuple[str, ...]
    """All that decides what is reported, and not only how: files by absolute paths."""
    directory: str
    """The working directory: places are named from there."""
    variables: tuple[tuple[str, str], ...]
    today: str
    """In UTC: rules and suppressions expire."""
    tool: str

    @classmethod
    def ask(cls, command: str, options: Sequence[object], environ: Mapping[str, str] = os.environ) -> Question:
        """Return the question of a command that is given here and now."""
        return cls(
            command=command,
            options=tuple(map(repr, options)),
            directory=os.getcwd(),  # noqa: PTH109 -- a text
            variables=tuple(sorted((name, value) for name, value in environ.items() if _TELLING.fullmatch(name))),
            today=datetime.now(UTC).date().isoformat(),
            tool=f"{__version__} {sys.version}",
        )
