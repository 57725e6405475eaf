"""Where this user's programs keep what can be made again."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path


def user_cache(outer: Mapping[str, str]) -> Path:
    """Return paritycheck's own directory there, which may not exist yet.

    `XDG_CACHE_HOME` names the directory around it where that is absolute (https://specifications.freedesktop.org/basedir-spec/latest/).
    """
    home = Path(outer.get("HOME") or Path.home())
    ordinary = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
    chosen = Path(outer.get("XDG_CACHE_HOME", ""))
    return (chosen if chosen.is_absolute() else ordinary) / "paritycheck"
