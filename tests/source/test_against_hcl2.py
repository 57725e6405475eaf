"""python-hcl2, an independent reader of the language, finds the same things in the repository's own files."""

from __future__ import annotations

from pathlib import Path

import hcl2
import pytest

from paritycheck.source.syntax import SourceFile

ROOT = Path(__file__).parents[2]
CONFIGURATIONS = [ROOT / "provider.tf", *sorted((ROOT / "tests" / "assets" / "stacks").rglob("*.tf"))]
VARIABLES = sorted((ROOT / "tfvars").glob("*.tfvars"))


def unquoted(text: object) -> object:
    """Return a name as it is meant: some releases of python-hcl2 keep the quotes of labels."""
    return text.strip('"') if isinstance(text, str) else text


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: str(path.relative_to(ROOT)))
def test_both_find_the_same_resources(path: Path) -> None:
    with path.open(encoding="utf-8") as stream:
        read = hcl2.load(stream)
    expected = {
        (kind, unquoted(type_name), unquoted(name))
        for kind in ("resource", "data")
        for block in read.get(kind, ())
        for type_name, named in block.items()
        if not str(type_name).startswith("__")
        for name in named
        if not str(name).startswith("__")
    }

    assert expected == {(block.kind, *block.labels) for block in SourceFile(path).blocks if block.kind in {"resource", "data"}}


@pytest.mark.parametrize("path", VARIABLES, ids=lambda path: path.name)
def test_both_find_the_same_assignments(path: Path) -> None:
    with path.open(encoding="utf-8") as stream:
        expected = {name for name in hcl2.load(stream) if not name.startswith("__")}

    assert expected == SourceFile(path).attributes.keys()
