"""Stacks written for one test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from paritycheck.config import Environment
from paritycheck.source import Sources

Write = Callable[..., Path]
Load = Callable[..., Sources]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write files into the working directory: `write(main="...", **{"m/main.tf": "..."})`; a name without an ending is a .tf file."""
    monkeypatch.chdir(tmp_path)

    def write_files(**files: str) -> Path:
        for name, text in files.items():
            path = tmp_path / (name if "." in name else f"{name}.tf")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write_files


@pytest.fixture
def load(tmp_path: Path, write: Write) -> Load:
    """Load the sources of one environment of the stack in the working directory."""

    def load_sources(name: str = "dev", *var_files: str, variables: Mapping[str, Any] | None = None, **settings: Any) -> Sources:
        paths = tuple(tmp_path / file for file in var_files)
        return Sources.load(Environment(name, tmp_path, paths, variables or {}, **settings), "env")

    return load_sources
