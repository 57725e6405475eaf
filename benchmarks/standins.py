"""Files that the machine had on which a plan was recorded, and that the case's folder has not."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.cases import Case
from paritycheck.source.module import Module

MISSING = re.compile(r'(?:no file exists at|failed: open|there is no (file|directory)) "?([^"\s;]+?)"?[;:,.]?(?:\s|$)')

CONTENTS = {".json": "{}", ".yaml": "{}", ".yml": "{}"}
"""The least that a file of a kind holds."""

READ = re.compile(r'(file|filebase64|base64encode\(\s*file)\(\s*"(?:\$\{path\.(?:module|root|cwd)\}/)?([^"$]+)"\s*\)+')
"""An argument that is a file's content and nothing else."""


def restore_files(case: Case, directory: Path, home: Path) -> None:
    """Write the missing files whose whole content a recorded resource of the root module has."""
    recorded: dict[str, Mapping[str, Any]] = {}
    for entry in case.recorded["resource_changes"]:
        after = (entry.get("change") or {}).get("after")
        if isinstance(after, dict):
            recorded.setdefault(re.sub(r"\[.*\]$", "", entry["address"]), after)
    for address, block in Module(directory).resources.items():
        for name, attribute in block.attributes.items():
            read, value = READ.fullmatch(attribute.value.text), recorded.get(address, {}).get(name)
            if read and isinstance(value, str):
                write_missing(place(read[2], directory, home), value if read[1] == "file" else decode(value), home.parent)


def stand_in(message: str, directory: Path, home: Path) -> bool:
    """Write the files whose absence a message complains about; say whether there was any to write."""
    paths = [place(name, directory, home) / ("stand-in" if kind == "directory" else "") for kind, name in MISSING.findall(message)]
    return sum(write_missing(path, CONTENTS.get(path.suffix, ""), home.parent) for path in paths) > 0


def place(name: str, directory: Path, home: Path) -> Path:
    """Return the file that a configuration in `directory` means."""
    return home / name[2:] if name.startswith("~/") else directory / name


def write_missing(path: Path, content: str, scratch: Path) -> bool:
    """Write a file that does not exist, nowhere but in `scratch`; say whether it was written."""
    if path.exists() or not path.resolve().is_relative_to(scratch.resolve()):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return True


def decode(text: str) -> str:
    """Return what a base64 text says, nothing where it says no text."""
    try:
        return base64.b64decode(text).decode()
    except (binascii.Error, ValueError):
        return ""
