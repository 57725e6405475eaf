"""The package keeps its layers: a module imports only from lower layers or from its own package."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "paritycheck"

LAYERS = {
    "errors": 0,
    "findings": 0,
    "inert": 0,
    "quoting": 0,
    "rules": 0,
    "topology": 0,
    "user_cache": 0,
    "process": 1,
    "plan": 1,
    "allowlist": 1,
    "config": 2,
    "normalize": 2,
    "source": 2,
    "engines": 3,
    "provider": 3,
    "compare": 3,
    "discovery": 3,
    "policy": 3,
    "wiring": 3,
    "graph": 3,
    "baseline": 4,
    "cache": 4,
    "explanation": 4,
    "parity": 4,
    "reporters": 4,
    "commands": 5,
    "cli": 5,
    "__main__": 5,
}

ONLY_IMPORTER = {
    "subprocess": "process",
    "deepdiff": "compare",
    "hcl2": "source",
    "tree_sitter": "source",
    "yaml": "config",
    "rich": "reporters",
    "typer": "cli",
}
"""Third-party modules that one place of ours stands in front of."""


def unit(path: Path) -> str:
    """Name the layer's member that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """List the modules that a file imports, lazily or not."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)
OUR_PROCESS = [path for path in FILES if "runtime" not in path.parts]
"""Without what runs in checkov's interpreter, which has libraries of its own."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_lower_layers(path: Path) -> None:
    own = unit(path)
    reached = {name.split(".")[1] for name in imports(path) if name.startswith("paritycheck.")} - {"__version__"}
    too_high = {name for name in reached if name != own and LAYERS[name] > LAYERS[own]}

    assert too_high == set()


@pytest.mark.parametrize("path", OUR_PROCESS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_third_party_seam_has_one_importer(path: Path) -> None:
    wrong = {name for name in imports(path) if ONLY_IMPORTER.get(name.split(".")[0], unit(path)) != unit(path)}

    assert wrong == set()


def test_every_member_has_a_layer() -> None:
    members = {unit(path) for path in FILES}

    assert members <= LAYERS.keys()


def test_the_lambdas_stand_alone() -> None:
    lambdas = [path for path in (PACKAGE.parent / "lambdas").rglob("*.py") if "layer" not in path.parts]
    wrong = {(str(path), name) for path in lambdas for name in imports(path) if name.split(".")[0] in {"paritycheck", "policies"}}

    assert wrong == set()
