"""Trees of files to be found."""

from __future__ import annotations

from pathlib import Path

from paritycheck.discovery import Survey, find_stacks, walk

PLAIN = 'resource "terraform_data" "x" {}\n'


def touch(root: Path, *paths: str, text: str = "") -> Path:
    """Write files with one text; those of Terraform get a resource where they have none."""
    for name in paths:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or (PLAIN if name.endswith(".tf") else ""), encoding="utf-8")
    return root


def survey(root: Path) -> Survey:
    return find_stacks(walk(root))


def environments(root: Path) -> dict[str, list[str]]:
    """Return what makes each environment of the only stack: its directory but for the stack's, then its variables files."""
    [stack] = survey(root).stacks
    return {
        found.name: [str(path.relative_to(root)) for path in ((found.dir,) if found.dir != root else ()) + found.var_files]
        for found in stack.environments
    }
