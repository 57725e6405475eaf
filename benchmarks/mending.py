"""What older versions of Terraform took and today's refuses, mended in the copy of a case."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from paritycheck.source.module import Module
from paritycheck.source.syntax import SourceFile

SOURCE = re.compile(r'^(\s*source\s*=\s*")([^"]+)"', re.MULTILINE)

TYPES = {'"string"': "string", '"list"': "list(any)", '"map"': "map(any)"}
"""Types of variables, as version 0.11 wrote them and as they are written since."""

ANY_VERSION = 'terraform {\n  required_version = ">= 0.12"\n}\n'

SENSITIVE = 'output "{}" {{\n  sensitive = true\n}}\n'


def mend_configuration(directory: Path, root: Path) -> None:
    """Mend a configuration and its modules, which may be anywhere below `root`, so that resources are planned as they were."""
    accept_any_version(root)
    for path in directory.rglob("*.tf"):
        text = mend_types(SourceFile(path))
        path.write_text(SOURCE.sub(partial(mend_source, path.parent), text), encoding="utf-8")
    accept_sensitive_outputs(directory)


def mend_types(file: SourceFile) -> str:
    """Return a file's text with the types of its variables without quotes."""
    data = file.data
    types = [block.attributes["type"].value for block in file.blocks if block.kind == "variable" and "type" in block.attributes]
    for written in reversed([each for each in types if each.text in TYPES]):
        _, start, end = written.key
        data = data[:start] + TYPES[written.text].encode() + data[end:]
    return data.decode()


def mend_source(folder: Path, found: re.Match[str]) -> str:
    """Write a local module's source as Terraform reads it since version 0.13."""
    source = found[2].replace("\\/", "/")
    local = not source.startswith(".") and (folder / source).is_dir()
    return f'{found[1]}{"./" if local else ""}{source if local else found[2]}"'


def accept_any_version(root: Path) -> None:
    """Override the version of Terraform that configurations ask for."""
    for folder in {path.parent for path in root.rglob("*.tf") if "required_version" in path.read_text("utf-8", "replace")}:
        (folder / "any_version_override.tf").write_text(ANY_VERSION, encoding="utf-8")


def accept_sensitive_outputs(directory: Path) -> None:
    """Mark all outputs as sensitive: before version 0.15, Terraform did not insist on it."""
    outputs = Module(directory).of_kind("output")
    (directory / "sensitive_override.tf").write_text("".join(map(SENSITIVE.format, outputs)), encoding="utf-8")
